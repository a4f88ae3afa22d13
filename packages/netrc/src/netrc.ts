import { openNetrc } from "#files";
import { basic } from "@authflow/basic";
import { defineScheme, InvalidOptionError, type SyncScheme } from "@authflow/flow";
import type { Netrc } from "./look-up.ts";
import { type NetrcMachines, netrcOfMachines } from "./machines.ts";
import type { NetrcFileOptions } from "./options.ts";
import { parseNetrc } from "./parse.ts";

/** Where the credentials stand: in a file, which is the default, in a text, or in a table. */
export interface NetrcOptions extends NetrcFileOptions {
  /** The text of a netrc file, instead of a file. Works on every platform. */
  readonly text?: string | undefined;
  /** A table of machines that netrc-parser made, instead of a file. Look-ups read it as it is at the time. */
  readonly machines?: NetrcMachines | undefined;
}

/**
 * Makes a scheme that looks up the host of each request in a netrc file and logs in with what it finds there, by Basic.
 *
 * A user name in the URL chooses among the entries of a host, and no match means that nothing is sent. What was found never
 * replaces an Authorization header that the request has. After a redirect elsewhere, the next host is looked up afresh.
 *
 * @param options default: the file that `NETRC` names, else the one in the home directory, see {@link NetrcOptions}
 * @returns the scheme: `netrc()(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_NETRC_NOT_FOUND` if a file was named, by `file` or `NETRC`, and isn't there
 * @throws `ERR_AUTHFLOW_NETRC_PERMISSIONS` if others can read or own the file in the home
 * @throws `ERR_AUTHFLOW_NETRC_SYNTAX`, `ERR_AUTHFLOW_NETRC_ENCODING`, `ERR_AUTHFLOW_NETRC_TOO_LARGE`,
 * `ERR_AUTHFLOW_NETRC_UNREADABLE`, `ERR_AUTHFLOW_NETRC_PARSER` if the file can't be read. All of these come from a call,
 * too, once the file has changed
 * @throws `ERR_AUTHFLOW_NETRC_NO_FILES` where there are no files, without `text` or `machines`
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for more than one of `file`, `text` and `machines`, and for a path in place of options
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`, from a call, for a login or a password that Basic can't carry
 * @see {@link https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html The .netrc file}
 *
 * @example
 * ```ts
 * import { netrc } from "@authflow/netrc";
 *
 * // Stands for the platform's fetch: answers with the credentials that it was sent.
 * const echo = async (_url: string, init?: RequestInit) => new Response(new Headers(init?.headers).get("authorization"));
 *
 * const authFetch = netrc({ text: "machine example.org login finley password secret" })(echo);
 * console.log(await (await authFetch("https://example.org/")).text()); // → Basic ZmlubGV5OnNlY3JldA==
 * console.log(await (await authFetch("https://example.com/")).text()); // →
 * ```
 */
export function netrc(options: NetrcOptions = {}): SyncScheme {
  const current = sourceOf(options);
  return defineScheme({
    name: "netrc",
    scope: "origin",
    sendsOnce: true,

    *authFlow(request, context) {
      // The host as the URL has it, and nothing of the user name before it: `http://known-host:x@evil.example/` is evil's.
      const found = request.headers.has("authorization")
        ? undefined
        : current()?.find(new URL(request.url).hostname, context.user || undefined);
      if (found?.password === undefined) yield request;
      else yield* basic({ username: found.login ?? "", password: found.password }).authFlow(request, context);
    },
  });
}

function sourceOf(options: NetrcOptions | null): () => Netrc | undefined {
  if (typeof options !== "object" || options === null || options instanceof URL) {
    throw new InvalidOptionError("Name the file in the options: netrc({ file }).");
  }
  const { file, text, machines } = options;
  if ([file, text, machines].filter((source) => source !== undefined).length > 1) {
    throw new InvalidOptionError(
      "Only one of `file`, `text` and `machines` can hold the credentials. Give one of them.",
    );
  }
  const netrcOfOptions = text === undefined ? machines && netrcOfMachines(machines) : parseNetrc(text);
  return netrcOfOptions === undefined ? openNetrc(options) : () => netrcOfOptions;
}
