// Brings the workspace to a state in which every other command runs: installs what the lockfile names, once for each
// lockfile. Plain JavaScript without dependencies, since it runs on whatever Node a bare machine has (20 or newer).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { devEngines } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const { name, version } = devEngines.packageManager;
const stamp = `${root}node_modules/.authflow-setup`;
const wanted = createHash("sha256")
  .update(readFileSync(`${root}pnpm-lock.yaml`))
  .digest("hex");

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`Node 20 or newer is needed to set the workspace up; this is ${process.version}.`);
  process.exit(1);
}
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.log(`installing the workspace with ${name} ${version} …`);
  const { status } = spawnSync("npx", ["-y", `${name}@${version}`, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error(
      `\n${name} could not install the workspace. It needs the npm registry; run \`npx ${name}@${version} install\` to see why.`,
    );
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
