// Starts a server on this machine alone, in a folder of its own.
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { eventually } from "./eventually.ts";
import { freePorts } from "./free-ports.ts";
import { endProcess, hasEnded, NOBODY, startProcess } from "./process.ts";
import { findProgram } from "../../scripts/workspace/program.ts";
import { RunningServer } from "./running-server.ts";
import { OPEN_PATH, type Place, type Software } from "./software.ts";

/** Another process may take a port between the look for a free one and the start. */
const ATTEMPTS = 3;

/**
 * Starts a server that listens on 127.0.0.1 and nowhere else.
 *
 * @param options `port`: where it listens. Default: wherever there is room
 * @returns the server, once it answers
 */
export async function start(software: Software, options: { readonly port?: number } = {}): Promise<RunningServer> {
  const program = findProgram(software.programs);
  if (program === undefined) throw new Error(`${software.programs.join(" or ")} is not installed.`);
  for (let attempt = 1; ; attempt++) {
    const [port, otherPort] = await freePorts(options.port);
    const folder = await mkdtemp(join(tmpdir(), `authflow-${software.name.toLowerCase()}-`));
    try {
      return await startAt(program, software, { folder, port, otherPort });
    } catch (error) {
      await rm(folder, { recursive: true });
      if (attempt === ATTEMPTS || options.port !== undefined) throw error;
    }
  }
}

async function startAt(program: string, software: Software, place: Place): Promise<RunningServer> {
  const { name } = software;
  const token = basename(place.folder);
  await furnish(place.folder, {
    ...software.files,
    [`htdocs${OPEN_PATH}`]: token,
    "server.conf": software.configuration(place),
  });
  const child = startProcess(program, software.arguments(place), place.folder);
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  child.on("error", (error) => (errors += error.message));

  const server = new RunningServer(software, place, child);
  try {
    await eventually(`${name} did not answer`, async () => {
      if (hasEnded(child)) throw new Error(`${name} ended at once.`);
      const text = await server.get(OPEN_PATH).catch(() => undefined);
      return text === token ? server : undefined; // any other text comes from whoever took the port
    });
    await server.requests(1);
    return server;
  } catch (cause) {
    await endProcess(child);
    const log = await readFile(join(place.folder, "error.log"), "utf8").catch(() => "");
    throw new Error(`${name} did not start. It said: ${errors}${log}`, { cause });
  }
}

/** Writes the files, and gives all of it to whom the server will run as. */
async function furnish(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await chmod(folder, 0o755);
  if (!NOBODY) return;
  const inside = await readdir(folder, { recursive: true });
  for (const path of ["", ...inside]) await chown(join(folder, path), NOBODY.uid, NOBODY.gid);
}
