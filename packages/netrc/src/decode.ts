import { wrongEncoding } from "./scan-error.ts";

/** The encoding of a file's text. */
export type NetrcEncoding = "utf8" | "latin1";

const startsWith = (bytes: Uint8Array, first: number, second: number): boolean =>
  bytes[0] === first && bytes[1] === second;

/**
 * The encoding of a file: UTF-8, or Latin-1 if it isn't valid UTF-8, so that each byte of an old file is kept.
 *
 * @throws `ERR_AUTHFLOW_NETRC_ENCODING` for UTF-16, which curl reads as nothing
 */
export function encodingOf(bytes: Uint8Array, file: string): NetrcEncoding {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) throw wrongEncoding(file);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "utf8";
  } catch {
    return "latin1";
  }
}

/** The text of a file. */
export const decode = (bytes: Buffer, file: string): string => bytes.toString(encodingOf(bytes, file));
