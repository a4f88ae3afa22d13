import type { BodyLimits, BodySource } from "../body/body-source.ts";
import { requestBody } from "../body/request-body.ts";
import { bodySource, isByteStream } from "../body/source.ts";
import { InvalidOptionError } from "../errors/invalid-option.ts";
import { httpUrl, userinfoOf } from "../origin.ts";
import { isRequest, isThenable } from "../shape.ts";
import type { AuthScheme, RunOptions } from "../types.ts";
import { Call } from "./call.ts";
import { Chain } from "./chain.ts";
import { drive } from "./drive.ts";
import { Hops } from "./hops.ts";
import { headersNow, Hop } from "./hop.ts";
import { layerOf } from "./layer.ts";
import { Lifetime } from "./lifetime.ts";
import { isOff, type Mark, readMark } from "./mark.ts";
import { settingsOf } from "./options.ts";
import type { CallInit, Next } from "./outgoing.ts";
import { actingAt, actingOf, type Runner } from "./runner.ts";

const BRAND = Symbol.for("@authflow/wrapped");

/**
 * What a wrapped fetch tells of itself, so that wrapping it again makes one runner for both: its runner, unless it is asked
 * for another function, which has copied its members. A function, so that no inspection reaches what its schemes keep.
 */
type Brand = (self: unknown) => Runner | undefined;

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
 * const stub: typeof fetch = async () => new Response("hello");
 * const authFetch = runFlow(scheme, stub);
 * console.log(await (await authFetch("https://example.com/")).text()); // → hello
 */
// `any` for the reason that Middleware gives.
// oxlint-disable-next-line typescript/no-explicit-any
export function runFlow<F extends (input: any, init?: any) => Promise<any>>(
  scheme: AuthScheme,
  next: F,
  options: RunOptions = {},
): F {
  const outermost = layerOf(scheme);
  if (typeof next !== "function") {
    throw new InvalidOptionError(
      `"${scheme.name}" wraps a fetch, and was given ${typeof next}. Call it as ${scheme.name}(fetch).`,
    );
  }
  const inner = (next as { [BRAND]?: Brand })[BRAND]?.(next);
  const settings = settingsOf(options, inner?.settings);
  const runner: Runner = {
    next: inner?.next ?? next, // which takes whatever its caller takes
    settings,
    all: actingOf([outermost, ...(inner?.all.layers ?? [])], settings),
  };
  const self = (input: unknown, init?: CallInit, ...rest: unknown[]): Promise<Response> =>
    enter(runner, input, init, rest);
  const { prototype: _, ...members } = Object.getOwnPropertyDescriptors(next) as PropertyDescriptorMap;
  const brand: Brand = (asked) => (asked === self ? runner : undefined);
  Object.defineProperties(self, { ...members, [BRAND]: { value: brand } });
  return self as unknown as F; // it takes what `next` takes, gives what it gives, and has its members
}

/** Whether a function is known for a fetch: the platform's, or one that was wrapped. */
export function isFetch(value: object): boolean {
  return value === globalThis.fetch || BRAND in value;
}

/** An absolute http(s) URL without a user name: it needs no look before a Request is made of it. */
const PLAIN_URL = /^https?:\/\/[^@\\]+$/i;

/** A URL with a user name or a password: what the platform says of one that it refuses repeats it whole. */
const USERINFO = /^[a-z][\w+.-]*:\/*[^/?#]*@/i;
const HOLDS_CREDENTIALS =
  "The URL holds a user name or a password, and is no http(s) URL. Take them out, or mend the URL.";

/** Takes a call in: those that no scheme has to do with go on as they came. */
function enter(runner: Runner, input: unknown, init: CallInit, rest: unknown[]): Promise<Response> {
  const { next } = runner;
  try {
    const mark = readMark(init);
    const off = isOff(init, mark);
    const request = isRequest(input) ? input : undefined;
    let written = request ? request.url : String(input);
    let url = written;
    let userinfo: ReturnType<typeof userinfoOf>;
    let given = input;
    if (off || !PLAIN_URL.test(written)) {
      const parsed = httpUrl(written);
      userinfo = parsed && userinfoOf(parsed);
      if (parsed && userinfo) {
        parsed.username = parsed.password = ""; // which fetch refuses
        given = request ?? parsed.href;
        written = parsed.href;
      }
      if (!parsed && USERINFO.test(written)) throw new InvalidOptionError(HOLDS_CREDENTIALS);
      if (off || !parsed) return passOn(next, given, init, rest);
      url = parsed.href;
    }

    const hop = new Hop(url, written, init?.method ?? request?.method, headersNow(init?.headers ?? request?.headers));
    const chain = new Chain(hop.origin, mark);
    const acting = actingAt(runner, chain, hop.origin);
    if (acting.layers.length === 0)
      return passOn(next, given, userinfo && !mark ? told(init, hop.origin, userinfo) : init, rest);

    const user = userinfo?.username || mark?.user?.();
    const call = new Call(runner, acting, { input: request ?? written, init, rest, user }, chain, mark);
    const lifetime = new Lifetime(signalOf(request, init), call.log);
    const response = lifetime.run(() => start(call, hop, bodyOf(init, request, call.limits), lifetime));
    lifetime.endTurn();
    return response;
  } catch (error) {
    return Promise.reject(error); // what the platform or the fetch inside threw, as it is
  }
}

function start(
  call: Call,
  hop: Hop,
  body: BodySource | Promise<BodySource | undefined> | undefined,
  lifetime: Lifetime,
): Promise<Response> {
  if (isThenable(body)) return body.then((read) => start(call, hop, read, lifetime));
  const hops = new Hops(call, hop, lifetime.keep(body));
  return drive(call, hops.message(), 0, lifetime, hops);
}

function bodyOf(
  init: CallInit,
  request: Request | undefined,
  limits: BodyLimits,
): BodySource | Promise<BodySource | undefined> | undefined {
  if (init?.body !== undefined && init.body !== null) return bodySource(init.body, limits);
  return request?.body === null ? undefined : request && requestBody(request, limits);
}

function signalOf(request: Request | undefined, init: CallInit): AbortSignal | undefined {
  // `null` takes a Request out of its signal's reach.
  return init?.signal === null ? undefined : (init?.signal ?? request?.signal);
}

/** Tells a wrapper inside what stood in the URL. */
function told(init: CallInit, origin: string, userinfo: NonNullable<ReturnType<typeof userinfoOf>>): CallInit {
  const authflow: Mark = {
    origin,
    user: () => userinfo.username || undefined,
    userinfo: (at) => (at === origin ? userinfo : undefined),
  };
  return { ...init, authflow };
}

/** Calls the fetch inside as if there were nothing around it, except that it knows no body factory. */
async function passOn(next: Next, input: unknown, init: CallInit, rest: unknown[]): Promise<Response> {
  const body = init?.body;
  if (typeof body !== "function") return next(input, init, ...rest);
  const made: unknown = await (body as () => unknown)();
  return next(input, { ...init, body: made, ...(isByteStream(made) && { duplex: "half" }) }, ...rest);
}
