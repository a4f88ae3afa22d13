import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { NetrcError } from "#netrc-error";
import { SIZE_LIMIT } from "./scan.ts";
import { tooLarge } from "./scan-error.ts";

/** What stood in a file, and the state in which the file was just before it was read. */
export interface FileContent {
  readonly bytes: Buffer;
  readonly stats: BigIntStats;
}

/**
 * Reads a file at once, and never more of it than the limit, whatever its size claims: it may be a pipe or a device.
 *
 * @throws `ERR_AUTHFLOW_NETRC_TOO_LARGE`, `ERR_AUTHFLOW_NETRC_UNREADABLE`
 */
export function readFile(file: string): FileContent {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.size > SIZE_LIMIT) throw tooLarge(file);
    const bytes = readAll(descriptor, stats.isFile() ? Number(stats.size) : 0);
    if (bytes.length > SIZE_LIMIT) throw tooLarge(file);
    return { bytes, stats };
  } catch (error) {
    throw error instanceof NetrcError ? error : unreadable(file, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

// One byte past what is expected, so that the usual file takes one read for its bytes and one for its end.
function readAll(descriptor: number, expected: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= SIZE_LIMIT) {
    const chunk = Buffer.alloc(length === 0 ? expected + 1 : 65_536);
    const read = readSync(descriptor, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return Buffer.concat(chunks, length);
}

/**
 * Whether a file is another one than it was. A pipe or a device never is, since it can be read only once. The change time
 * tells of a new mode or owner.
 */
export function changed(before: BigIntStats, after: BigIntStats): boolean {
  return (
    before.ino !== after.ino ||
    before.dev !== after.dev ||
    (after.isFile() &&
      (before.size !== after.size || before.mtimeNs !== after.mtimeNs || before.ctimeNs !== after.ctimeNs))
  );
}

/** `ERR_AUTHFLOW_NETRC_UNREADABLE`: the file is there, and can't be read. */
export function unreadable(file: string, cause: unknown): NetrcError {
  return new NetrcError(
    "ERR_AUTHFLOW_NETRC_UNREADABLE",
    `${file} can't be read. Check that it is a file and that this process may read it.`,
    { file, cause },
  );
}
