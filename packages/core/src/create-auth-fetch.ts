import { basic } from "@authflow/basic";
import { type AuthScheme, type Fetch, InvalidOptionError, originSet, runFlow } from "@authflow/flow";
import { boundTo, schemeOf } from "./auth-scheme.ts";
import { bringsAuthorization, credentialsIn, type Input, urlOf } from "./call-url.ts";
import { markWith, type MarkedInit } from "./mark.ts";
import { routeFetch } from "./route-fetch.ts";
import { RouteTable } from "./route-table.ts";
import { elseScheme, routeScheme } from "./routes.ts";
import type { AuthLike } from "./auth-like.ts";
import type { AuthFetch, AuthFetchOptions, AuthInit } from "./types.ts";
import { type Send, WrappedAuth } from "./wrapped-auth.ts";

/** The `auth` of the client, ready to send. */
interface Client {
  readonly scheme: AuthScheme;
  readonly send: Send;
  /** Where it may act; `undefined`: everywhere. */
  readonly origins: ReadonlySet<string> | undefined;
}

/** Authenticates nothing, anywhere; the runner still takes the credentials off the URL and calls a body factory. */
const NONE: AuthScheme = {
  name: "none",
  origins: [],
  *authFlow(request) {
    yield request;
  },
};

const globalFetch: Fetch = (...input) => globalThis.fetch(...input);

/**
 * Makes a fetch that authenticates: by the `auth` of the request, else by that of the first of its `routes` that matches,
 * else by its own, else by the user name and password in the URL. `auth: null` is none at all. Credentials that `auth`
 * names replace an Authorization header that the request carries; those found in a URL do not.
 *
 * @param options `auth`: who requests are from, default nobody; `origins`: where that may act, default everywhere;
 *   `routes`: who they are from where, as `routes` takes it; `fetch`: what sends, default the global one; and those of the
 *   runner: `onExchange`, `replayLimit` (bytes, default 1 MiB), `contentLimit` (bytes, default 16 MiB)
 * @returns a fetch whose init also takes `auth` and a body factory, and whose own `auth` can be read and set. A wrong
 *   `auth` in an init rejects that call
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no `auth`
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a user name or a password that Basic can't send
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an option that there is not, and for one, or an origin, that can't be meant
 * @see https://www.rfc-editor.org/rfc/rfc7617 for [username, password]
 *
 * @example
 * import { createAuthFetch } from "@authflow/core";
 *
 * const authFetch = createAuthFetch({
 *   auth: ["finley", "secret"],
 *   fetch: async (_url, init) => new Response(new Headers(init.headers).get("authorization")),
 * });
 * console.log(await (await authFetch("https://example.com/")).text()); // → Basic ZmlubGV5OnNlY3JldA==
 * console.log(await (await authFetch("https://example.com/", { auth: null })).text()); // →
 */
export function createAuthFetch(options: AuthFetchOptions = {}): AuthFetch {
  assertKnown(options);
  const { auth = null, fetch = globalFetch, onExchange, replayLimit, contentLimit } = options;
  if (typeof fetch !== "function") {
    throw new InvalidOptionError("The `fetch` option is no function. Leave it out for the global fetch.");
  }
  const origins = options.origins === undefined ? undefined : originSet(options.origins);
  const table = options.routes && new RouteTable(options.routes);
  const sending = table ? (routeFetch(table, fetch as Parameters<typeof routeFetch>[1]) as Send) : (fetch as Send);
  const wrap = (scheme: AuthScheme): Send => runFlow(scheme, sending, { onExchange, replayLimit, contentLimit });
  // Where a route says who a request is from, nobody else does.
  const unlessRouted = (scheme: AuthScheme): AuthScheme => (table ? elseScheme(table, scheme) : scheme);
  const byRoute = table && routeScheme(table);
  const aroundRoutes = (send: Send): Send => (byRoute ? runFlow(byRoute, send) : send);

  const bare = wrap(NONE);
  const wrapped = new WrappedAuth(wrap);
  const nobody = aroundRoutes(bare);
  let client = clientOf(auth);

  function clientOf(given: AuthLike): Client | undefined {
    if (given === null) return undefined;
    const scheme = schemeOf(given);
    const bound = origins ? boundTo(origins, scheme) : scheme;
    return {
      scheme,
      send: aroundRoutes(wrap(unlessRouted(bound))),
      origins: bound.origins === undefined ? undefined : originSet(bound.origins),
    };
  }

  /** What sends a request that names no `auth`. */
  function byPrecedence(input: Input, init: AuthInit | undefined): Send {
    const found = credentialsIn(input, (init as MarkedInit | undefined)?.authflow);
    const send = client?.send ?? nobody;
    if (!found || table?.decides(found.href) || (client && client.origins?.has(found.origin) !== false)) return send;
    if (bringsAuthorization(input, init as RequestInit)) return send;
    const { username, password } = found;
    // Around the client's, where there is one, since that may have to answer elsewhere, after a redirect.
    return client || table
      ? runFlow(unlessRouted(basic({ username, password })), send)
      : wrapped.sendFor([username, password]);
  }

  const authFetch: Send = async (input, init, ...rest) => {
    if (init?.auth === undefined) return byPrecedence(input, init)(input, init, ...rest);
    const { auth: given, ...own } = init;
    if (given === null) return bare(input, turnedOff(input, own), ...rest);
    return wrapped.sendFor(given)(input, own, ...rest);
  };
  return Object.defineProperty(authFetch, "auth", {
    get: () => client?.scheme ?? null,
    set(given: AuthLike) {
      client = clientOf(given);
    },
    enumerable: true,
    configurable: true,
  }) as AuthFetch;
}

const NAMES = [
  "auth",
  "origins",
  "routes",
  "fetch",
  "onExchange",
  "replayLimit",
  "contentLimit",
] as const satisfies readonly (keyof AuthFetchOptions)[];

/** Refuses what would send no credentials, or send them further than was meant, and say nothing. */
function assertKnown(options: AuthFetchOptions): void {
  if (typeof options !== "object" || (options as AuthFetchOptions | null) === null) {
    throw new InvalidOptionError("createAuthFetch takes options, such as { auth: scheme } or { fetch }.");
  }
  for (const name of Object.keys(options)) {
    if (!(NAMES as readonly string[]).includes(name)) {
      throw new InvalidOptionError(`There is no option "${name}". There are ${NAMES.join(", ")}.`);
    }
  }
}

/** Tells every wrapper further inside that this call wants no authentication. */
function turnedOff(input: Input, init: AuthInit): AuthInit {
  const { authflow: outer } = init as MarkedInit;
  const authflow = markWith(outer, { origin: outer?.origin ?? urlOf(input)?.origin ?? "null", off: true });
  return { ...init, authflow } as AuthInit;
}
