import { createRequire } from "node:module";
import type * as NetrcParser from "netrc-parser";
import { NetrcError } from "#netrc-error";
import { canonicalText, decodeValue, HOST_KEY, machineName } from "./canonical.ts";
import { type Netrc, type NetrcEntry, netrcOf } from "./look-up.ts";

// netrc-parser compares each machine with all before it. Tables of a bounded size keep the whole linear.
const TABLE_SIZE = 32;

// Not an import: only a process that looks something up in a file pays for it, and `require` is synchronous, as look-ups are.
const require = createRequire(import.meta.url);

/**
 * Look-ups in netrc-parser's tables. They are filled for the first one, since loading netrc-parser takes several times as
 * long as reading a file; that it is there at all is seen at once.
 *
 * @param entries as they were scanned
 * @param file the path for errors
 * @throws `ERR_AUTHFLOW_NETRC_PARSER` if netrc-parser isn't there, and from a look-up if it can't be loaded
 */
export function netrcInTables(entries: readonly NetrcEntry[], file: string): Netrc {
  if (entries.length > 0) parserFrom(() => require.resolve("netrc-parser"), file);
  let netrc: Netrc | undefined;
  return {
    find(host, login) {
      netrc ??= netrcOf(tableOf(entries, file));
      return netrc.find(host, login);
    },
  };
}

/**
 * The entries as netrc-parser's tables hold them. What look-ups read, they read from there.
 *
 * @param entries as they were scanned
 * @param file the path for errors
 * @throws `ERR_AUTHFLOW_NETRC_PARSER` if netrc-parser can't be loaded
 */
export function tableOf(entries: readonly NetrcEntry[], file?: string): NetrcEntry[] {
  const held: NetrcEntry[] = [];
  for (let start = 0; start < entries.length; start += TABLE_SIZE) {
    const slice = entries.slice(start, start + TABLE_SIZE);
    // A cast, since `require` is untyped; the version is exact, and its own types say what it exports.
    const { parse } = parserFrom(() => require("netrc-parser") as typeof NetrcParser, file);
    const machines = parse(canonicalText(slice));
    for (const index of slice.keys()) held.push(new HeldEntry(machines[machineName(index)]));
  }
  return held;
}

function parserFrom<Found>(find: () => Found, file: string | undefined): Found {
  try {
    return find();
  } catch (error) {
    throw new NetrcError(
      "ERR_AUTHFLOW_NETRC_PARSER",
      "netrc-parser, which holds the entries, can't be loaded. Install it where @authflow/netrc is (a bundler may have left it out), or pass the `text` of the file.",
      { file, cause: error },
    );
  }
}

class HeldEntry implements NetrcEntry {
  readonly #machine: NetrcParser.Machines[string];

  constructor(machine: NetrcParser.Machines[string] = {}) {
    this.#machine = machine;
  }

  get host(): string | undefined {
    return decodeValue(this.#machine[HOST_KEY]);
  }

  get login(): string | undefined {
    return decodeValue(this.#machine.login);
  }

  get password(): string | undefined {
    return decodeValue(this.#machine.password);
  }

  get account(): string | undefined {
    return decodeValue(this.#machine.account);
  }
}
