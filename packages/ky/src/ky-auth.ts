import type { AuthFunction, AuthScheme, Fetch, RunOptions } from "@authflow/flow";
import { type WithFetch, wrapsFetch } from "./underneath.ts";

/** How {@link kyAuth} treats each request. */
export type KyAuthOptions = RunOptions;

/**
 * Authenticates the requests of a ky client: wraps the fetch that the client has, also one that an earlier `kyAuth` put
 * there. ky's own work stays around it: each attempt of its `retry` runs the flow afresh, its `timeout` bounds the whole
 * of one.
 *
 * @param scheme a scheme (a literal, an instance, what a scheme package makes), or a function that is given the request
 *   and returns it authenticated
 * @param options those of the runner: `onExchange`, `replayLimit` (bytes, default 1 MiB), `contentLimit` (bytes, default
 *   16 MiB)
 * @returns what `ky.extend` takes, in ky 1.14 and ky 2
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for something that is no scheme
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an option that can't be meant
 * @see https://github.com/sindresorhus/ky#kyextenddefaultoptions
 *
 * @example
 * import { basic } from "@authflow/basic";
 * import { kyAuth } from "@authflow/ky";
 * import ky from "ky";
 *
 * const server = ky.create({ fetch: async (request) => new Response((request as Request).headers.get("authorization")) });
 * const api = server.extend(kyAuth(basic({ username: "finley", password: "secret" })));
 * console.log(await api.get("https://example.com/").text()); // → Basic ZmlubGV5OnNlY3JldA==
 */
export function kyAuth(
  scheme: AuthScheme | AuthFunction,
  options: KyAuthOptions = {},
): (parent: Readonly<WithFetch>) => { fetch: Fetch } {
  const wrap = wrapsFetch(scheme, options);
  return (parent) => ({ fetch: wrap(parent.fetch) });
}
