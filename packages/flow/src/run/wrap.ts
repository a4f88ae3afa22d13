import { InvalidOptionError } from "../errors/invalid-option.ts";
import { ExchangeLog } from "../history.ts";
import { httpUrl, originSet, userinfoOf } from "../origin.ts";
import { isRequest } from "../shape.ts";
import type { AuthScheme, RunOptions } from "../types.ts";
import { assertScheme } from "./assert-scheme.ts";
import { Call } from "./call.ts";
import { Chain, type Layer } from "./chain.ts";
import { followHops } from "./hops.ts";
import { Lifetime } from "./lifetime.ts";
import { isOff, readMark } from "./mark.ts";
import { type Settings, settingsOf } from "./options.ts";
import type { CallInit, Next } from "./outgoing.ts";
import { hidesRedirects } from "./runtime.ts";
import { Secrets } from "./secrets.ts";

const BRAND = Symbol.for("@authflow/wrapped");

/** What the calls of one wrapped fetch have in common. */
interface Runner {
  readonly layers: readonly Layer[];
  readonly settings: Settings;
  readonly next: Next;
}

/** What a wrapped fetch tells of itself, so that wrapping it again makes one runner for both. */
interface Brand extends Runner {
  /** The wrapped function itself: whoever copies its members copies this, too, and is another function. */
  readonly self: unknown;
}

/**
 * Wraps a fetch: each call runs the flow of a scheme around it. A fetch that another scheme has wrapped is no layer of
 * its own: both flows run in one runner, this one outside.
 *
 * @param scheme what `defineScheme` takes, as an object
 * @param next any fetch: the platform's, undici's, one from a mock or another middleware
 * @param options how the runner treats each call
 * @returns a function with the shape, the members and the type of `next`
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for something that is no scheme
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` if `next` is no function, or an option or an origin can't be meant
 *
 * @example
 * import { runFlow } from "@authflow/flow";
 *
 * const scheme = {
 *   name: "token",
 *   *authFlow(request: Request) {
 *     request.headers.set("authorization", "Token 123");
 *     yield request;
 *   },
 * };
 * const authFetch = runFlow(scheme, async () => new Response("hello"));
 * console.log(await (await authFetch("https://example.com/")).text()); // → hello
 */
// `any` for the reason that Middleware gives.
// oxlint-disable-next-line typescript/no-explicit-any
export function runFlow<F extends (input: any, init?: any) => Promise<any>>(
  scheme: AuthScheme,
  next: F,
  options: RunOptions = {},
): F {
  assertScheme(scheme);
  if (typeof next !== "function") {
    throw new InvalidOptionError(
      `"${scheme.name}" wraps a fetch, and was given ${typeof next}. Call it as ${scheme.name}(fetch).`,
    );
  }
  const brand = (next as { [BRAND]?: Brand })[BRAND];
  const inner = brand?.self === next ? brand : undefined;
  const origins = scheme.origins && originSet(scheme.origins);
  const runner: Runner = {
    layers: [{ scheme, origins }, ...(inner?.layers ?? [])],
    settings: settingsOf(options, inner?.settings),
    next: inner?.next ?? (next as unknown as Next),
  };
  const self = (input: unknown, init?: CallInit, ...rest: unknown[]): Promise<Response> =>
    enter(runner, input, init, rest);
  const { prototype: _, ...members } = Object.getOwnPropertyDescriptors(next) as PropertyDescriptorMap;
  Object.defineProperties(self, { ...members, [BRAND]: { value: { ...runner, self } satisfies Brand } });
  return self as unknown as F; // it takes what `next` takes, gives what it gives, and has its members
}

/** Takes a call in: those that no scheme has to do with go on as they came. */
function enter(runner: Runner, input: unknown, init: CallInit, rest: unknown[]): Promise<Response> {
  try {
    const given = isRequest(input) ? input : String(input);
    const url = httpUrl(typeof given === "string" ? given : given.url);
    const mark = readMark(init);
    const chain = url && new Chain(url.origin, mark, isOff(init, mark));
    const layers = chain ? admitted(runner.layers, chain, url.origin) : [];
    const userinfo = url && userinfoOf(url);
    if (userinfo) url.username = url.password = ""; // which fetch refuses
    if (!chain || layers.length === 0) return passOn(runner.next, userinfo ? url.href : input, init, rest);

    const redirect = init?.redirect ?? (typeof given === "string" ? undefined : given.redirect);
    const { observers, replayLimit, contentLimit } = runner.settings;
    const log = new ExchangeLog(observers, mark);
    const lifetime = new Lifetime(signalOf(given, init), log);
    const call = new Call(
      runner.next,
      { input: userinfo && typeof given === "string" ? url.href : given, init, rest },
      chain,
      log,
      new Secrets(mark),
      { layers, limits: { sendsOnce: layers.every(isSentOnce), replayLimit }, contentLimit, redirect },
      (redirect ?? "follow") === "follow" && !hidesRedirects(),
    );
    const response = lifetime.run(() => followHops(call, url.href, userinfo?.username || undefined, lifetime));
    lifetime.endTurn();
    return response;
  } catch (error) {
    return Promise.reject(error as Error); // what the platform or the fetch inside threw, as it is
  }
}

function admitted(layers: readonly Layer[], chain: Chain, origin: string): readonly Layer[] {
  return layers.every((layer) => chain.mayAdmit(layer, origin))
    ? layers
    : layers.filter((layer) => chain.mayAdmit(layer, origin));
}

function isSentOnce({ scheme }: Layer): boolean {
  return scheme.sendsOnce === true;
}

function signalOf(input: string | Request, init: CallInit): AbortSignal | undefined {
  if (init?.signal === null) return undefined; // which takes a Request out of its signal's reach
  return init?.signal ?? (typeof input === "string" ? undefined : input.signal);
}

/** Calls the fetch inside as if there were nothing around it, except that it knows no body factory. */
async function passOn(next: Next, input: unknown, init: CallInit, rest: unknown[]): Promise<Response> {
  const body = init?.body;
  if (typeof body !== "function") return next(input, init, ...rest);
  const made: unknown = await body();
  return next(input, { ...init, body: made, ...(made instanceof ReadableStream && { duplex: "half" }) }, ...rest);
}
