import type { BodyLimits, BodySource } from "../body/body-source.ts";
import { cancel, drain } from "../body/drain.ts";
import { requestBody } from "../body/request-body.ts";
import { bodySource } from "../body/source.ts";
import { BodyNotReplayableError } from "../errors/body-not-replayable.ts";
import { TooManyRedirectsError } from "../errors/too-many-redirects.ts";
import { ExchangeLog } from "../history.ts";
import { becomesGet, dropBodyHeaders, locationOf, markRedirected, redirectTarget } from "../redirect.ts";
import { isThenable } from "../shape.ts";
import type { Chain, Layer } from "./chain.ts";
import { ContentRequest } from "./content.ts";
import { Lifetime } from "./lifetime.ts";
import type { Mark } from "./mark.ts";
import type { Settings } from "./options.ts";
import type { CallShape } from "./outgoing.ts";
import { CALLERS_OWN, Pipeline } from "./pipeline.ts";
import { hidesRedirects } from "./runtime.ts";
import { Secrets } from "./secrets.ts";
import { type Next, Wire } from "./wire.ts";

/** As often as fetch follows. */
const REDIRECT_LIMIT = 20;

/** What the calls of one wrapped fetch have in common. */
export interface Runner {
  readonly layers: readonly Layer[];
  readonly settings: Settings;
  readonly next: Next;
}

/** A call as it came in, read as fetch reads it. */
export interface Incoming {
  readonly shape: CallShape;
  readonly url: URL;
  readonly user: string | undefined;
  readonly chain: Chain;
  readonly mark: Mark | undefined;
}

/**
 * Sends a call through its flows, hop by hop: fetch would follow redirects inside, where a digest for the first URL is
 * wrong for the second and a custom header leaks.
 */
export function runCall(runner: Runner, incoming: Incoming): Promise<Response> {
  const { input, init } = incoming.shape;
  const request = typeof input === "string" ? undefined : input;
  const signal =
    init?.["signal"] === null ? undefined : ((init?.["signal"] as AbortSignal | undefined) ?? request?.signal);
  const lifetime = new Lifetime(signal);
  return lifetime.run(() => followHops(runner, incoming, lifetime));
}

async function followHops(runner: Runner, incoming: Incoming, lifetime: Lifetime): Promise<Response> {
  const { shape, chain, mark } = incoming;
  const init = shape.init as RequestInit | undefined;
  const request = typeof shape.input === "string" ? undefined : shape.input;
  const layers = runner.layers.filter((layer) => chain.mayAdmit(layer, incoming.url.origin));
  const limits: BodyLimits = {
    sendsOnce: layers.every(({ scheme }) => scheme.sendsOnce),
    replayLimit: runner.settings.replayLimit,
  };
  const redirect = init?.redirect ?? request?.redirect;
  const follow = (redirect ?? "follow") === "follow" && !hidesRedirects();
  const log = new ExchangeLog(runner.settings.observers);
  const secrets = new Secrets(mark?.secrets);
  const wire = new Wire(runner.next, shape, chain, secrets, log);
  const { contentLimit } = runner.settings;
  const pipeline = new Pipeline({ layers, chain, secrets, limits, wire, contentLimit, redirect, follow });

  const headers = new Headers(init?.headers ?? request?.headers);
  const pending = bodyOf(init, request, limits);
  let body = lifetime.keep(pending && isThenable(pending) ? await pending : pending);
  const derivedType = headers.has("content-type") ? undefined : body?.type;
  if (derivedType !== undefined) headers.set("content-type", derivedType);
  let method = init?.method ?? request?.method;
  let { href } = incoming.url;
  let written = typeof shape.input === "string" ? shape.input : href;

  for (let hops = 0; ; hops++) {
    lifetime.check();
    const own = new ContentRequest(href, {
      headers,
      redirect: "manual", // by which what a flow derives from it is known
      ...(method !== undefined && { method }),
    });
    const user = hops === 0 || !chain.left ? incoming.user : undefined;
    const response = await pipeline.send(
      { request: own, headers: new Headers(headers), method, written, user, derivedType },
      body,
      lifetime,
    );
    const location = pipeline.follows && log.has(response) ? locationOf(response) : null;
    if (location === null) return hops > 0 ? markRedirected(response, pipeline.sentTo) : response;

    const shown = secrets.shown(pipeline.sentTo);
    let target = redirectTarget(location, pipeline.sentTo, response, shown);
    if (hops === REDIRECT_LIMIT) {
      cancel(response);
      throw new TooManyRedirectsError(shown, REDIRECT_LIMIT);
    }
    if (becomesGet(response.status, own.method)) {
      method = "GET";
      dropBodyHeaders(headers);
      body?.fail(new Error("The redirect asks for a GET, which has no body."));
      body = undefined;
    } else if (body?.replayable === false) {
      throw new BodyNotReplayableError(shown, response);
    }
    await drain(response);

    if (target.origin !== new URL(href).origin) {
      for (const name of CALLERS_OWN) headers.delete(name);
      secrets.takeOff(headers);
    }
    chain.moveTo(target);
    if (target.origin !== chain.origin) target = new URL(secrets.strip(target.href));
    written = href = target.href;
  }
}

function bodyOf(
  init: RequestInit | undefined,
  request: Request | undefined,
  limits: BodyLimits,
): BodySource | Promise<BodySource | undefined> | undefined {
  if (init?.body !== undefined && init.body !== null) return bodySource(init.body, limits);
  return request && requestBody(request, limits);
}
