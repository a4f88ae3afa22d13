import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { NetrcEnvironment } from "./options.ts";

/** Where a netrc file may be: the first path with a file counts. */
export interface NetrcPlaces {
  readonly paths: readonly string[];
  /** Somebody named the file, in code or as `NETRC`: it has to be there. */
  readonly named: boolean;
}

/**
 * Where to look for the netrc file: `file`, else `NETRC`, else `.netrc` in the home directory, on Windows also `_netrc`.
 *
 * @param file the path in the caller's words
 * @param env default: the process's own
 * @param platform default: the process's own
 */
export function locateNetrc(
  file?: string | URL,
  env: NetrcEnvironment = process.env,
  platform: string = process.platform,
): NetrcPlaces {
  if (file !== undefined) return { paths: [pathOf(file)], named: true };
  const { NETRC, HOME, USERPROFILE } = env as { NETRC?: string; HOME?: string; USERPROFILE?: string };
  if (NETRC) return { paths: [pathOf(NETRC)], named: true };
  const windows = platform === "win32";
  // An environment that was passed in speaks for itself: no file of the real home is read instead.
  const home = HOME || (windows ? USERPROFILE : undefined) || (env === process.env ? userHome() : undefined);
  if (!home) return { paths: [], named: false };
  return { paths: (windows ? [".netrc", "_netrc"] : [".netrc"]).map((name) => join(home, name)), named: false };
}

// A user id that the system doesn't know, as in some containers, has no home, and `homedir` throws.
function userHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** The absolute path that a path or a `file:` URL names, so that a later change of the working folder changes nothing. */
export const pathOf = (file: string | URL): string => resolve(typeof file === "string" ? file : fileURLToPath(file));
