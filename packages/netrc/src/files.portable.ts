// What "#files" is where there are no files: the same names, so that the types are one on all platforms.
import { NetrcError } from "#netrc-error";
import type { Netrc } from "./look-up.ts";
import type { NetrcFileOptions } from "./options.ts";

function noFiles(): NetrcError {
  return new NetrcError(
    "ERR_AUTHFLOW_NETRC_NO_FILES",
    "Files are read on Node, Deno and Bun only. Pass the `text` of the netrc file, or a `machines` table.",
  );
}

export function openNetrc(_options: NetrcFileOptions): () => Netrc | undefined {
  throw noFiles();
}

export function setCredentials(
  _file: string | URL,
  _host: string,
  _credentials: { readonly login: string; readonly password: string },
): Promise<void> {
  return Promise.reject(noFiles());
}

export function removeCredentials(_file: string | URL, _host: string): Promise<boolean> {
  return Promise.reject(noFiles());
}
