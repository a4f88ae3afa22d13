import { existsSync } from "node:fs";
import { NetrcError } from "#netrc-error";
import { decode, encodingOf, type NetrcEncoding } from "./decode.ts";
import { withCredentials, withoutCredentials } from "./edit.ts";
import { hostName } from "./host-name.ts";
import { pathOf } from "./locate.ts";
import { netrcOf } from "./look-up.ts";
import { replaceFile } from "./replace-file.ts";
import { scan } from "./scan.ts";

/**
 * Logs in: writes the credentials for a host into a netrc file, and changes nothing else in it. The entry that a look-up
 * for the host and this login reads is changed, else the one that a look-up for the host alone reads; a host without an
 * entry gets one, before `default`. A missing file is created. The file gets mode 0600.
 *
 * Any number of processes may do so at once: they wait for each other by a file `<file>.lock`, which counts for 10 seconds.
 *
 * @param file the path; a symbolic link stays one
 * @param host without scheme, port or path
 * @throws `ERR_AUTHFLOW_NETRC_VALUE` for a host that is none, and for control characters
 * @throws `ERR_AUTHFLOW_NETRC_SYNTAX`, `ERR_AUTHFLOW_NETRC_ENCODING`, `ERR_AUTHFLOW_NETRC_TOO_LARGE` for a file that can't
 * be understood
 * @throws `ERR_AUTHFLOW_NETRC_EDIT` if the file can't be written, or not without a change elsewhere in it
 * @throws `ERR_AUTHFLOW_NETRC_LOCKED` if others keep it locked for 15 seconds
 *
 * @example
 * ```ts
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { setCredentials } from "@authflow/netrc";
 *
 * const file = join(await mkdtemp(join(tmpdir(), "netrc-")), ".netrc");
 * await setCredentials(file, "api.example.com", { login: "finley", password: "secret" });
 * console.log((await readFile(file, "utf8")).split("\n")[0]); // → machine api.example.com
 * ```
 */
export async function setCredentials(
  file: string | URL,
  host: string,
  credentials: { readonly login: string; readonly password: string },
): Promise<void> {
  const { login, password } = credentials;
  const path = pathOf(file);
  const name = hostName(host);
  refuseControlCharacters(path, { login, password });
  await replaceFile(path, (bytes) => {
    const encoding = encodingOf(bytes, path);
    if (encoding === "latin1" && /[^\u0000-\u00FF]/.test(login + password)) throw notInLatin1(path);
    const to = { login: octets(login, encoding), password: octets(password, encoding) };
    const edited = inOctets(bytes, path, (text) => withCredentials(text, name, to, path));
    // Read as everybody will read it, from the bytes on.
    const found = netrcOf(scan(decode(edited, path), path).entries).find(name, login);
    if (found?.login !== login || found.password !== password) throw notAsWritten(path);
    return edited;
  });
}

/**
 * Logs out: removes all entries of a host from a netrc file, and changes nothing else in it. Comments inside of them go,
 * too. A file that isn't there stays away.
 *
 * @param file the path; a symbolic link stays one
 * @param host as it stands in the file, in any letter case
 * @returns whether there was such an entry
 * @throws `ERR_AUTHFLOW_NETRC_SYNTAX`, `ERR_AUTHFLOW_NETRC_ENCODING`, `ERR_AUTHFLOW_NETRC_TOO_LARGE`,
 * `ERR_AUTHFLOW_NETRC_EDIT`, `ERR_AUTHFLOW_NETRC_LOCKED`, as {@link setCredentials} does
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { removeCredentials } from "@authflow/netrc";
 *
 * const file = join(await mkdtemp(join(tmpdir(), "netrc-")), ".netrc");
 * await writeFile(file, "machine api.example.com login finley password secret\n", { mode: 0o600 });
 * console.log(await removeCredentials(file, "api.example.com")); // → true
 * console.log(await removeCredentials(file, "api.example.com")); // → false
 * ```
 */
export async function removeCredentials(file: string | URL, host: string): Promise<boolean> {
  const path = pathOf(file);
  if (!existsSync(path)) return false;
  return replaceFile(path, (bytes) => {
    const name = octets(host, encodingOf(bytes, path));
    return inOctets(bytes, path, (text) => withoutCredentials(text, name, path));
  });
}

// One byte a character, so that what is spliced are bytes and what is kept is kept in any encoding.
const octets = (value: string, encoding: NetrcEncoding): string => Buffer.from(value, encoding).toString("latin1");

function inOctets(bytes: Buffer, file: string, change: (text: string) => string): Buffer {
  const edited = Buffer.from(change(bytes.toString("latin1")), "latin1");
  // Without its last byte that isn't UTF-8, a file in Latin-1 could turn into UTF-8, which says something else.
  const same = encodingOf(edited, file) === encodingOf(bytes, file) || edited.every((byte) => byte < 0x80);
  if (!same) throw notAsWritten(file);
  return edited;
}

function refuseControlCharacters(file: string, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!/[\u0000-\u001F\u007F]/.test(value)) continue;
    throw new NetrcError(
      "ERR_AUTHFLOW_NETRC_VALUE",
      `The ${name} has a control character, such as a line end, which no request can carry. Take it out.`,
      { file },
    );
  }
}

const notInLatin1 = (file: string): NetrcError =>
  new NetrcError(
    "ERR_AUTHFLOW_NETRC_VALUE",
    `The credentials have characters that ${file}, in Latin-1, has no bytes for. Save the file as UTF-8 first.`,
    { file },
  );

const notAsWritten = (file: string): NetrcError =>
  new NetrcError(
    "ERR_AUTHFLOW_NETRC_EDIT",
    `${file} would not read as it was written, so nothing was written. Change the file by hand.`,
    { file },
  );
