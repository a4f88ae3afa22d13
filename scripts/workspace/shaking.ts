// What a bundler keeps of an entry, where only one of its names is used: esbuild's own account of its output.
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./packages.ts";

/** What is left in a bundle. */
export interface Kept {
  /** The packages of which any code is left, by name, the entry's own included. */
  readonly packages: readonly string[];
  /** Bytes, minified and gzipped; 0 where nothing is left. */
  readonly bytes: number;
}

/**
 * Bundles a module that uses some names of an entry, for browsers.
 *
 * @param name the entry, as users import it
 * @param names what is used of it; with none it is imported for nothing
 * @param folders the folders of the workspace's packages, by name
 */
export async function bundleUse(
  name: string,
  names: readonly string[],
  folders: ReadonlyMap<string, string>,
): Promise<Kept> {
  const use =
    names.length > 0
      ? `import { ${names.join(", ")} } from "${name}";\nconsole.log(${names.join(", ")});`
      : `import "${name}";`;
  const own = folders.get(name.split("/").slice(0, 2).join("/")) ?? root;
  const { metafile, outputFiles } = await build({
    // A package finds itself by its name, and what it depends on.
    stdin: { contents: use, resolveDir: own, loader: "ts" },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    external: ["node:*"],
    legalComments: "none",
    logLevel: "silent",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && !path.endsWith("<stdin>"));
  const packages = new Set(files.map(([path]) => packageOf(path, folders)));
  const bytes = outputFiles.reduce(
    (sum, { contents }) => sum + (contents.length > 0 ? gzipSync(contents, { level: 9 }).length : 0),
    0,
  );
  return { packages: [...packages].toSorted(), bytes };
}

function packageOf(path: string, folders: ReadonlyMap<string, string>): string {
  const [, installed] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  if (installed !== undefined) return installed;
  for (const [name, dir] of folders) if (!relative(dir, join(root, path)).startsWith("..")) return name;
  return path;
}
