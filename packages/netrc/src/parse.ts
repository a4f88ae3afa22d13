import { InvalidOptionError } from "@authflow/flow";
import { type Netrc, netrcOf } from "./look-up.ts";
import { scan } from "./scan.ts";

/** How a netrc text is read. */
export interface ParseNetrcOptions {
  /** The path of the file that the text came from, for errors. Default: none. */
  readonly file?: string | undefined;
}

/**
 * Reads the text of a netrc file, as curl and Python read it, on any runtime and in linear time.
 *
 * @param text at most 1 MiB
 * @returns its look-ups
 * @throws `ERR_AUTHFLOW_NETRC_SYNTAX` for a quote that is never closed, `machine` without a host, or no netrc file at all
 * @throws `ERR_AUTHFLOW_NETRC_ENCODING` for text with NUL characters, as of a file in UTF-16
 * @throws `ERR_AUTHFLOW_NETRC_TOO_LARGE` for more than 1 MiB
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for bytes instead of a text
 * @see {@link https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html} for the format
 *
 * @example
 * ```ts
 * import { parseNetrc } from "@authflow/netrc/text";
 *
 * const netrc = parseNetrc("machine example.org login finley password secret");
 * console.log(netrc.find("example.org")); // → { login: 'finley', password: 'secret' }
 * console.log(netrc.find("example.com")); // → undefined
 * ```
 */
export function parseNetrc(text: string, options: ParseNetrcOptions = {}): Netrc {
  if (typeof text !== "string") throw new InvalidOptionError("The netrc text is no string. Decode it first.");
  return netrcOf(scan(text, options.file).entries);
}
