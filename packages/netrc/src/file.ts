import { type BigIntStats, statSync } from "node:fs";
import { InvalidOptionError } from "@authflow/flow";
import { NetrcError } from "#netrc-error";
import { decode } from "./decode.ts";
import { locateNetrc, type NetrcPlaces } from "./locate.ts";
import type { Netrc } from "./look-up.ts";
import type { NetrcFileOptions, NetrcPermissions } from "./options.ts";
import { checkPermissions } from "./permissions.ts";
import { changed, readFile, unreadable } from "./read-file.ts";
import { scan } from "./scan.ts";
import { netrcInTables } from "./table.ts";

interface Reading {
  readonly file: string;
  readonly stats: BigIntStats;
  readonly netrc: Netrc;
}

const RULES: ReadonlySet<NetrcPermissions> = new Set(["error", "warn", "ignore"]);

/**
 * Opens the netrc file and keeps it up to date: what it gives is the file as it is now, read again only after a change.
 *
 * @returns gives the file's look-ups, or `undefined` while there is no file at the default places
 * @throws here and when its result is called: `ERR_AUTHFLOW_NETRC_NOT_FOUND`, `ERR_AUTHFLOW_NETRC_UNREADABLE`,
 * `ERR_AUTHFLOW_NETRC_PERMISSIONS`, `ERR_AUTHFLOW_NETRC_PARSER`, and what scanning throws
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for a rule that is none
 */
export function openNetrc(options: NetrcFileOptions): () => Netrc | undefined {
  const places = locateNetrc(options.file, options.env);
  const permissions = options.permissions ?? (places.named ? "ignore" : "error");
  if (!RULES.has(permissions)) throw new InvalidOptionError('`permissions` is "error", "warn" or "ignore".');
  let last: Reading | undefined;
  const current = (): Netrc | undefined => {
    const found = findFile(places);
    if (found === undefined) last = undefined;
    else if (last === undefined || last.file !== found.file || changed(last.stats, found.stats)) {
      last = undefined; // what can't be read must not leave what was read before in its place
      last = read(found.file, permissions);
    }
    return last?.netrc;
  };
  current();
  return current;
}

function read(file: string, permissions: NetrcPermissions): Reading {
  const { bytes, stats } = readFile(file);
  checkPermissions(file, stats, permissions);
  return { file, stats, netrc: netrcInTables(scan(decode(bytes, file), file).entries, file) };
}

function findFile({ paths, named }: NetrcPlaces): { file: string; stats: BigIntStats } | undefined {
  for (const file of paths) {
    try {
      const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
      if (stats !== undefined) return { file, stats };
    } catch (error) {
      // A home that this process may not enter is a home without a netrc file, as it is for curl.
      if (named) throw unreadable(file, error);
    }
  }
  if (!named) return undefined;
  throw new NetrcError(
    "ERR_AUTHFLOW_NETRC_NOT_FOUND",
    `${String(paths[0])} doesn't exist. Create it, or name another one with the \`file\` option or NETRC.`,
    { file: paths[0] },
  );
}
