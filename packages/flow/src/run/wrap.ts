import { InvalidOptionError } from "../errors/invalid-option.ts";
import { httpUrl, originSet, userinfoOf } from "../origin.ts";
import { isRequest } from "../shape.ts";
import type { AuthScheme, RunOptions } from "../types.ts";
import { assertScheme } from "./assert-scheme.ts";
import { type Runner, runCall } from "./call.ts";
import { Chain, type Layer } from "./chain.ts";
import { readMark } from "./mark.ts";
import { type Settings, settingsOf } from "./options.ts";
import type { Next } from "./wire.ts";

const BRAND = Symbol.for("@authflow/wrapped");

/** What a wrapped fetch tells of itself, so that wrapping it again makes one runner for both. */
interface Brand {
  /** The wrapped function itself: whoever copies its members copies this, too, and is another function. */
  readonly self: unknown;
  readonly layers: readonly Layer[];
  readonly settings: Settings;
  readonly next: Next;
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
  const self = (input: unknown, init?: Init, ...rest: unknown[]): Promise<Response> => enter(runner, input, init, rest);
  const { prototype: _, ...members } = Object.getOwnPropertyDescriptors(next) as PropertyDescriptorMap;
  Object.defineProperties(self, { ...members, [BRAND]: { value: { ...runner, self } satisfies Brand } });
  return self as unknown as F; // it takes what `next` takes, gives what it gives, and has its members
}

type Init = Readonly<Record<string, unknown>> | undefined;

/** Takes a call in: those that no scheme has to do with go on as they came. */
async function enter(runner: Runner, input: unknown, init: Init, rest: unknown[]): Promise<Response> {
  const given = isRequest(input) ? input : String(input);
  const url = httpUrl(typeof given === "string" ? given : given.url);
  if (!url) return runner.next(input, await resolvedInit(init), ...rest);

  const user = userinfoOf(url)?.username;
  const plain = url.username === "" && url.password === "";
  url.username = url.password = ""; // which fetch refuses
  const mark = readMark(init);
  const chain = new Chain(url, mark);
  if (!runner.layers.some((layer) => chain.mayAdmit(layer, url.origin))) {
    return runner.next(plain ? input : url.href, await resolvedInit(init), ...rest);
  }
  const shape = { input: plain || typeof given !== "string" ? given : url.href, init, rest };
  return runCall(runner, { shape, url, user: user === "" ? undefined : user, chain, mark });
}

/** An init for a fetch that knows no body factory. */
async function resolvedInit(init: Init): Promise<Init> {
  const body = init?.["body"];
  if (typeof body !== "function") return init;
  const made: unknown = await body();
  return { ...init, body: made, ...(made instanceof ReadableStream && { duplex: "half" }) };
}
