// The tarballs as they would be published.
import { join } from "node:path";
import { packageManager } from "../workspace/package-manager.ts";
import type { Package } from "../workspace/packages.ts";
import { run } from "../workspace/run.ts";

export interface Tarball {
  readonly pkg: Package;
  readonly path: string;
}

/** Packs every public package of the workspace into a folder. */
export async function packAll(packages: readonly Package[], folder: string): Promise<Tarball[]> {
  const { name, version } = packageManager();
  const filters = packages.flatMap(({ manifest }) => ["--filter", manifest.name]);
  const args = ["-y", `${name}@${version}`, "--recursive", ...filters, "pack", "--pack-destination", folder];
  const { code, output } = await run("npx", args);
  if (code !== 0) throw new Error(`${name} pack failed:\n${output}`);
  return packages.map((pkg) => {
    const file = `${pkg.manifest.name.replace("@", "").replace("/", "-")}-${String(pkg.manifest.version)}.tgz`;
    return { pkg, path: join(folder, file) };
  });
}
