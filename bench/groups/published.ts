// The packages as their users load them: the built bundles, found by name, away from the workspace, whose own exports
// lead to the sources.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../scripts/build.ts";
import { filesBelow, type Package, publicPackages } from "../../scripts/workspace/packages.ts";

/** A folder in which the packages can be imported, until it is disposed of. */
export class Published implements Disposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Takes what was built last, and builds first where the sources are newer. */
  static async of(names: readonly string[]): Promise<Published> {
    const packages = publicPackages().filter(({ manifest }) => names.includes(manifest.name));
    if (packages.some(isStale)) await build(packages);
    const published = new Published(mkdtempSync(join(tmpdir(), "authflow-bench-")));
    for (const pkg of packages) published.#install(pkg);
    return published;
  }

  /** Writes a module into the folder; gives its path. */
  module(name: string, source: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, source);
    return path;
  }

  /** Lays a package beside the others that is laid out as they are, and exports nothing. */
  emptyPackage(name: string): void {
    const place = join(this.folder, "node_modules", name);
    mkdirSync(join(place, "dist"), { recursive: true });
    writeFileSync(join(place, "dist/index.js"), "export {};\n");
    const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, version: "0.1.0", type: "module", exports }));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  #install({ dir, manifest }: Package): void {
    const place = join(this.folder, "node_modules", manifest.name);
    mkdirSync(place, { recursive: true });
    cpSync(join(dir, "dist"), join(place, "dist"), { recursive: true });
    // As packing does it: what publishConfig says takes the place of what the workspace says.
    writeFileSync(join(place, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
  }
}

function isStale({ dir }: Package): boolean {
  const bundle = join(dir, "dist/index.js");
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  return [join(dir, "package.json"), ...filesBelow(join(dir, "src"), /\.ts$/)].some(
    (file) => statSync(file).mtimeMs > built,
  );
}
