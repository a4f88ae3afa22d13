// Brings the workspace to a state in which every other command runs: installs what the lockfile names, once for each
// lockfile. Plain JavaScript without dependencies, since it runs on whatever Node a bare machine has (20 or newer).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const windows = process.platform === "win32";
const { devEngines, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { name, version } = devEngines.packageManager;
const stamp = join(root, "node_modules", ".authflow-setup");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "pnpm-lock.yaml")))
  .digest("hex");

if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) process.exit(0);

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node 20 or newer is needed to set the workspace up; this is ${process.version}.`);
}
// The Node that the tools are checked against is the one that comes with them, not the one that runs this file.
const installing = ["install", "--frozen-lockfile", `--config.node-version=${devDependencies.node}`];
console.log(`installing the workspace with ${name} ${version} …`);
const install = spawnSync("npx", ["-y", `${name}@${version}`, ...installing], {
  cwd: root,
  env: { ...process.env, CI: "true" }, // pnpm asks no question, also where it has to lay node_modules anew
  stdio: "inherit",
  shell: windows, // npx is a .cmd file there
});
if (install.status !== 0) {
  fail(
    `${name} could not install the workspace (the reason stands above). It needs the npm registry, and a lockfile that ` +
      `agrees with every package.json; after a change to one, run \`npx ${name}@${version} install\`.`,
  );
}
const tools = spawnSync(join(root, "node_modules", ".bin", "node"), ["--version"], {
  encoding: "utf8",
  shell: windows,
});
if (tools.stdout?.trim() !== `v${devDependencies.node}`) {
  fail(
    `The scripts run on Node ${devDependencies.node}, which the dev dependency "node" brings, and it did not arrive ` +
      `(${tools.error?.message ?? (tools.stdout.trim() || tools.stderr.trim())}). Install that Node yourself and put it first in PATH.`,
  );
}
writeFileSync(stamp, wanted);

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}
