// Builds what is published: declarations by `tsc -b`, and one bundle for each entry by esbuild.
import { rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { build as bundle, type Plugin } from "esbuild";
import { entriesOf } from "./workspace/entries.ts";
import { publicPackages, root, type Package } from "./workspace/packages.ts";
import { run } from "./workspace/run.ts";

/** Builds every public package into its dist folder, from nothing; returns how many bundles it wrote. */
export async function build(packages: readonly Package[]): Promise<number> {
  for (const { dir } of packages) rmSync(join(dir, "dist"), { recursive: true, force: true });
  const declarations = await run("tsc", ["-b", ...packages.map(({ dir }) => relative(root, dir))], { cwd: root });
  if (declarations.code !== 0) throw new Error(`tsc -b failed:\n${declarations.output}`);
  for (const { dir } of packages) rmSync(join(dir, "dist/.tsbuildinfo"), { force: true }); // nobody else's business
  const counts = await Promise.all(packages.map((pkg) => bundleEntries(pkg)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function bundleEntries(pkg: Package): Promise<number> {
  const sources = [...new Set(entriesOf(pkg).map(({ source }) => join(pkg.dir, source)))];
  await bundle({
    entryPoints: sources,
    absWorkingDir: pkg.dir,
    outdir: "dist",
    outbase: "src",
    bundle: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    external: ["#*"], // what a condition selects is chosen where the package is used
    target: "es2023",
    sourcemap: true,
    legalComments: "none",
    logLevel: "error",
    plugins: [entriesStayApart(sources)],
  });
  return sources.length;
}

/** Where one entry imports another of its package, the bundle does too: a class or a cache exists once, not per entry. */
function entriesStayApart(sources: readonly string[]): Plugin {
  return {
    name: "entries-stay-apart",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, importer }) => {
        const target = resolve(resolveDir, path);
        if (kind === "entry-point" || !sources.includes(target)) return null;
        // The bundles stand as their sources do, so the path from the entry is right from its bundle, too; an entry
        // in a folder of its own would need the entry that is being bundled, which esbuild does not tell.
        if (sources.some((source) => dirname(source) !== dirname(target))) {
          return { errors: [{ text: `${importer} imports an entry; keep a package's entries in one folder.` }] };
        }
        return { path: `./${basename(target).replace(/\.ts$/, ".js")}`, external: true };
      });
    },
  };
}

if (import.meta.main) {
  try {
    const packages = publicPackages();
    console.log(`${await build(packages)} bundles of ${packages.length} packages`);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
