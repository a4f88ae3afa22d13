import { type AsyncFlow, type AuthScheme, defineScheme, InvalidOptionError, originSet } from "@authflow/flow";
import type { AuthFunction, FlowContext, FlowRequest, FlowResponse, Scheme, SyncFlow } from "@authflow/flow";
import { recentMemories } from "./memories.ts";
import { challengesOf, isInQuestion, type Member, type Memory, Negotiation } from "./negotiation.ts";
import { flowOf, pass, secretNamesOf, syncFlowOf, wantsRequest, wantsResponse } from "./scheme-by-url.ts";

/**
 * Makes one scheme of several that a server may ask for. The first of them that can answer a challenge of the server does
 * so: put the strongest first.
 *
 * The first request to an origin goes out without credentials. Which scheme answered is remembered, so the next requests
 * are that scheme's from the start, and may need no challenge. Once a scheme was asked for and answered, no weaker one is
 * used at that origin, whatever the server asks for.
 *
 * A scheme with a registered name, such as `digest`, is asked only where the server names it. One with a name of its own
 * is asked each time, and answers if it sends another request when it is given the 401.
 *
 * @param list schemes, or functions `(request) => request`, the strongest first
 * @returns the scheme: `anyOf(a, b)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` without any
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no scheme
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.4 RFC 9110 §11.4}
 *
 * @example
 * import { basic } from "@authflow/basic";
 * import { anyOf } from "@authflow/core";
 *
 * const token = {
 *   name: "token",
 *   *authFlow(request: Request) {
 *     const response: Response = yield request;
 *     if (!response.headers.get("www-authenticate")?.startsWith("Token")) return;
 *     request.headers.set("authorization", "Token t1");
 *     yield request;
 *   },
 * };
 * const server = async (_url: string, init?: RequestInit) => {
 *   const sent = new Headers(init?.headers).get("authorization");
 *   return sent === "Token t1"
 *     ? new Response("welcome")
 *     : new Response(null, { status: 401, headers: { "www-authenticate": 'Token, Basic realm="r"' } });
 * };
 * const authFetch = anyOf(token, basic({ username: "finley", password: "secret" }))(server);
 * console.log(await (await authFetch("https://example.com/")).text()); // → welcome
 */
export function anyOf(...list: readonly (AuthScheme | AuthFunction)[]): Scheme {
  if (list.length === 0) throw new InvalidOptionError("anyOf was given no scheme. Give some, the strongest first.");
  const schemes = list.map((scheme) => defineScheme(scheme));
  const members = schemes.map((scheme, rank): Member => ({
    scheme,
    rank,
    origins: scheme.origins === undefined ? undefined : originSet(scheme.origins),
  }));
  const memoryOf = recentMemories();
  const memoryFor = ({ url }: Request): Memory => memoryOf(new URL(url).origin);
  const negotiationFor = (request: Request): Negotiation => new Negotiation(request, members, memoryFor(request));

  const readers = schemes.filter(({ requiresResponseBody }) => requiresResponseBody);
  return defineScheme({
    name: "anyOf",
    secretNames: secretNamesOf(schemes),
    requiresRequestBody(request, response) {
      const memory = memoryFor(request);
      const { used } = memory;
      if (!response) return used !== undefined && wantsRequest(used.scheme, request, response);
      if (response.status !== 401) return false;
      const challenges = challengesOf(response);
      return members.some(
        (member) => isInQuestion(member, memory, request, challenges) && wantsRequest(member.scheme, request, response),
      );
    },
    requiresResponseBody: (response) => readers.some((scheme) => wantsResponse(scheme, response)),
    // What is remembered is looked up at once: by it the runner was told whether the body is needed.
    syncAuthFlow: (request, context) => negotiate(negotiationFor(request), request, context),
    asyncAuthFlow: (request, context) => negotiateLater(negotiationFor(request), request, context),
  } satisfies AuthScheme as AuthScheme);
}

/** The first `next` of a generator takes nothing, whatever it is given. */
const NOT_YET = undefined as unknown as FlowResponse;

function* negotiate(negotiation: Negotiation, request: FlowRequest, context: FlowContext): SyncFlow {
  const { remembered } = negotiation;
  const first = remembered ? syncFlowOf(remembered.scheme, request, context) : pass(request);
  let returned = yield* negotiation.follow(first);
  for (const member of negotiation.candidates()) {
    const flow = syncFlowOf(member.scheme, request, context);
    let step = flow.next(NOT_YET);
    const asked = negotiation.isUnanswered(step);
    if (asked) step = flow.next(negotiation.challenge);
    if (negotiation.accepts(member, step, asked)) returned = yield* negotiation.follow(flow, step);
    else flow.return();
  }
  return returned;
}

/** The same for flows that have to wait. */
async function* negotiateLater(negotiation: Negotiation, request: FlowRequest, context: FlowContext): AsyncFlow {
  const { remembered } = negotiation;
  const first = remembered ? flowOf(remembered.scheme, request, context) : pass(request);
  let returned = yield* negotiation.follow(first);
  for (const member of negotiation.candidates()) {
    const flow = flowOf(member.scheme, request, context);
    let step = await flow.next(NOT_YET);
    const asked = negotiation.isUnanswered(step);
    if (asked) step = await flow.next(negotiation.challenge);
    if (negotiation.accepts(member, step, asked)) returned = yield* negotiation.follow(flow, step);
    else await flow.return();
  }
  return returned;
}
