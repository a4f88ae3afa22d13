// What the workspace is installed with, so that code outside its packages can be given the same.
import { existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { publicPackages, readManifest, root } from "./packages.ts";

/** Every package from elsewhere that some part of the workspace depends on, with the folder that it was installed to. */
export function installedElsewhere(): Map<string, string> {
  const found = new Map<string, string>();
  const others = ["examples", "bench", "docs/from", "."].map((dir) => join(root, dir));
  const parts = [...publicPackages().map(({ dir }) => dir), ...others];
  for (const dir of parts.filter((part) => existsSync(join(part, "package.json")))) {
    const { dependencies, devDependencies } = readManifest(dir);
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const place = join(dir, "node_modules", name);
      if (!found.has(name) && !name.startsWith("@authflow/") && existsSync(place)) found.set(name, realpathSync(place));
    }
  }
  return found;
}

/** Makes a package importable from a folder, unless it is already. */
export function linkInto(dir: string, name: string, target: string): void {
  const place = join(dir, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place, "junction");
}
