import type { BodyLimits, BodySource } from "../body/body-source.ts";
import { cancel, drain } from "../body/drain.ts";
import { requestBody } from "../body/request-body.ts";
import { bodySource } from "../body/source.ts";
import { BodyNotReplayableError } from "../errors/body-not-replayable.ts";
import { RedirectHiddenError } from "../errors/redirect-hidden.ts";
import { TooManyRedirectsError } from "../errors/too-many-redirects.ts";
import { becomesGet, dropBodyHeaders, locationOf, markRedirected, redirectTarget } from "../redirect.ts";
import { isThenable, originOf } from "../shape.ts";
import type { Call } from "./call.ts";
import { CALLERS_OWN } from "./guard.ts";
import { headersNow, Hop } from "./hop.ts";
import type { Lifetime } from "./lifetime.ts";
import type { CallInit } from "./outgoing.ts";
import { sawHiddenRedirect } from "./runtime.ts";

/** As often as fetch follows. */
const REDIRECT_LIMIT = 20;

/**
 * Sends a call hop by hop. Fetch would follow redirects inside, where a digest for the first URL is wrong for the
 * second and a custom header leaks.
 */
export async function followHops(
  call: Call,
  first: string,
  user: string | undefined,
  lifetime: Lifetime,
): Promise<Response> {
  const { chain, log, plan, secrets } = call;
  const { input, init } = call.shape;
  const request = typeof input === "string" ? undefined : input;
  try {
    let headers = headersNow(init?.headers ?? request?.headers);
    const pending = bodyOf(init, request, plan.limits);
    let body = lifetime.keep(isThenable(pending) ? await pending : pending);
    let method = init?.method ?? request?.method;
    let url = first;
    let written = request ? request.url : (input as string);
    for (let hops = 0; ;) {
      lifetime.check();
      const hop = new Hop(url, written, method, headers, body?.type, chain.left ? undefined : user);
      const response = await call.send(hop, body, lifetime);
      if (call.follows && response.type === "opaqueredirect") {
        leaveToRuntime(call, hop, response);
        continue; // once more, with the redirect left to the runtime
      }
      const location = call.follows && log.has(response) ? locationOf(response) : null;
      if (location === null) {
        lifetime.settle();
        return hops > 0 ? markRedirected(response, call.sentTo) : response;
      }

      const from = call.sentTo;
      const shown = secrets.redactUrl(from);
      const target = redirectTarget(location, from, response, shown);
      if (++hops > REDIRECT_LIMIT) {
        cancel(response);
        throw new TooManyRedirectsError(shown, REDIRECT_LIMIT);
      }
      const kept = new Headers(hop.headers);
      if (becomesGet(response.status, hop.request.method)) {
        method = "GET";
        dropBodyHeaders(kept);
        body?.fail(new Error("The redirect asks for a GET, which has no body."));
        body = undefined;
      } else if (body?.replayable === false) {
        throw new BodyNotReplayableError(shown, response);
      }
      await drain(response);

      if (target.origin !== originOf(from)) for (const name of [...CALLERS_OWN, ...secrets.told]) kept.delete(name);
      chain.moveTo(target.origin);
      written = url = target.origin === chain.origin ? target.href : secrets.strip(target.href);
      headers = kept;
    }
  } catch (error) {
    throw lifetime.end(error);
  }
}

/** The runtime hides redirects, contrary to what it looked like: from here on they are left to it. */
function leaveToRuntime(call: Call, hop: Hop, response: Response): void {
  cancel(response);
  sawHiddenRedirect();
  call.follows = false;
  const { method, url } = hop.request;
  if (method !== "GET" && method !== "HEAD") throw new RedirectHiddenError(call.secrets.redactUrl(url), method);
}

function bodyOf(
  init: CallInit,
  request: Request | undefined,
  limits: BodyLimits,
): BodySource | Promise<BodySource | undefined> | undefined {
  if (init?.body !== undefined && init.body !== null) return bodySource(init.body, limits);
  return request && requestBody(request, limits);
}
