import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A home directory, and the files in it. */
export interface TemporaryHome extends AsyncDisposable {
  /** The path of a file in it. */
  path(name: string): string;
}

/**
 * Makes this process live in a home directory with the given files, until it is disposed of. What `NETRC` says is not
 * the business of an example either, so it is unset as long.
 */
export async function temporaryHome(files: Readonly<Record<string, string>>): Promise<TemporaryHome> {
  const { HOME, USERPROFILE, NETRC } = process.env;
  const folder = await mkdtemp(join(tmpdir(), "authflow-home-"));
  const path = (name: string): string => join(folder, name);
  // Others must not read it: the netrc file of a home is refused otherwise.
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path(name), text, { mode: 0o600 })));
  setEnvironment({ HOME: folder, USERPROFILE: folder, NETRC: undefined });
  return {
    path,
    async [Symbol.asyncDispose]() {
      setEnvironment({ HOME, USERPROFILE, NETRC });
      await rm(folder, { recursive: true });
    },
  };
}

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
