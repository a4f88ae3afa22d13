import type { AuthFunction, AuthScheme, Fetch, RunOptions } from "@authflow/flow";
import { answeredWithin, checkTimeout } from "./flow-timeout.ts";
import { initOf } from "./request-init.ts";
import { type WithFetch, wrapsFetch } from "./underneath.ts";

/** How {@link kyHooks} treats each request. */
export interface KyHooksOptions extends RunOptions {
  /**
   * How long a request may take up to the headers of its response, the exchanges of its scheme included, in milliseconds;
   * `false`: for ever. ky's own `timeout` doesn't reach into a hook. Default: 10,000, as ky's.
   */
  readonly timeout?: number | false | undefined;
}

/** What a `beforeRequest` hook of ky 2 is given; ky 1 gives the same as arguments of their own. */
export interface KyHookState {
  readonly request: Request;
  readonly options: object;
}

/** What {@link kyHooks} adds to the options of ky. */
export interface KyHooks {
  hooks: {
    /** ky 2 alone calls it. It keeps the fetch of a request for the hook below, which ky 2 doesn't tell it. */
    init: [(options: WithFetch) => void];
    beforeRequest: [(first: Request | KyHookState, options?: object) => Promise<Response>];
  };
}

/** A symbol, since ky hands members with a name to the fetch. */
const FETCH: unique symbol = Symbol("authflow fetch");

/** The options that a hook is given: those of ky 1 hold the fetch, those of ky 2 what the `init` hook put there. */
interface HookOptions extends WithFetch {
  [FETCH]?: () => Fetch | undefined;
  readonly retry?: { readonly limit?: number };
}

function keepFetch(options: HookOptions): void {
  options[FETCH] = () => options.fetch; // asked later, since another init hook may still change it
}

/**
 * Authenticates the requests of a ky client from a hook: one `beforeRequest` hook, which answers with the Response of the
 * whole flow. Use it where the fetch of the client is not yours to wrap, and {@link kyAuth} everywhere else: ky's
 * `timeout`, and in ky 2 its `retry`, don't reach what a hook answers. The README has the list, measured.
 *
 * @param scheme as {@link kyAuth} takes it
 * @param options `timeout` (milliseconds, default 10,000, `false` for none), and those of the runner
 * @returns options for `ky.extend`, `ky.create` or one request, in ky 1.14 and ky 2. Put them last: ky skips the
 *   `beforeRequest` hooks behind one that answers
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for something that is no scheme
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an option that can't be meant
 * @see https://github.com/sindresorhus/ky#hooks
 *
 * @example
 * import { basic } from "@authflow/basic";
 * import { kyHooks } from "@authflow/ky";
 * import ky from "ky";
 *
 * const server = ky.create({ fetch: async (request) => new Response((request as Request).headers.get("authorization")) });
 * const api = server.extend(kyHooks(basic({ username: "finley", password: "secret" })));
 * console.log(await api.get("https://example.com/").text()); // → Basic ZmlubGV5OnNlY3JldA==
 */
export function kyHooks(scheme: AuthScheme | AuthFunction, options: KyHooksOptions = {}): KyHooks {
  const { timeout = 10_000, ...run } = options;
  checkTimeout(timeout);
  const wrap = wrapsFetch(scheme, run);

  function answer(first: Request | KyHookState, second?: object): Promise<Response> {
    const [request, given] = "request" in first ? [first.request, first.options] : [first, second ?? {}];
    const { [FETCH]: kept, fetch, retry } = given as HookOptions;
    const authenticated = wrap(kept ? kept() : fetch);
    // What ky may send again must not be used up, as ky sees to when it sends by itself.
    const sent = request.body && (retry?.limit ?? 0) > 0 ? request.clone() : request;
    return answeredWithin(timeout, request, (signal) => authenticated(sent, { ...initOf(given), signal }));
  }
  return { hooks: { init: [keepFetch], beforeRequest: [answer] } };
}
