import { type AsyncFlow, type AuthScheme, defineScheme, type FlowContext, perOrigin } from "@authflow/flow";
import type { FlowRequest, FlowResponse, SyncFlow, SyncScheme } from "@authflow/flow";
import { mayProveBody, verified } from "./authentication-info.ts";
import { chooseChallenge, type DigestChallenge, isSame, says } from "./challenge.ts";
import { enter } from "./handshake.ts";
import { type DigestOptions, settingsOf } from "./options.ts";
import { begin, type Place, sessionFor } from "./place.ts";
import { probeFor } from "./probe.ts";
import { pathsOf } from "./protection-space.ts";
import { targetOf, withoutEmptyQuery } from "./request-target.ts";
import type { Answer, Session } from "./session.ts";

/** What is known of where a request goes: the place, the session for its URI, and that as it is signed. */
type Known = readonly [place: Place, session: Session | undefined, uri: string];

/** After how many answers of a call a stale nonce is answered once more. */
const STALE_LIMIT = 2;

/**
 * Makes a scheme that proves to know a password without sending it, and the middleware that drives it.
 *
 * @param options `username` and `password`; the rest is optional, see {@link DigestOptions}
 * @returns the scheme: `digest(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a username or a password that Digest can't carry
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for any other option that can't be meant
 * @throws `ERR_AUTHFLOW_AUTH_VERIFICATION`, from a call, if the proof of the server is wrong, or if there is none and
 * `requireRspauth` is set
 * @see {@link https://www.rfc-editor.org/rfc/rfc7616#section-3 RFC 7616 §3}
 *
 * @example
 * ```ts
 * import { digest } from "@authflow/digest";
 *
 * // Stands for the platform's fetch: asks, and lets in who answers.
 * const server = async (_url: string, init?: RequestInit) => {
 *   if (new Headers(init?.headers).has("authorization")) return new Response("welcome");
 *   return new Response(null, { status: 401, headers: { "www-authenticate": 'Digest realm="r", nonce="n1", qop="auth"' } });
 * };
 *
 * const authFetch = digest({ username: "Mufasa", password: "Circle of Life" })(server);
 * console.log(await (await authFetch("https://example.com/")).text()); // → welcome
 * ```
 */
export function digest(options: DigestOptions): SyncScheme {
  const settings = settingsOf(options);
  const placeAt = perOrigin((): Place => ({ sessions: [] }));

  const lookUp = ({ url }: Request): Known => {
    const uri = targetOf(url);
    const place = placeAt(url);
    return [place, sessionFor(place, uri), uri];
  };

  /** §3.3: the challenge to answer, where there is one that is understood and allowed. */
  const challengeOf = (response: Response): DigestChallenge | undefined =>
    response.status === 401 ? chooseChallenge(response, settings.allowed) : undefined;

  /**
   * @param heard called with each response, where the call has waited for others: then the challenge may have become known
   * only after the runner had asked if it will need the body
   */
  function* exchange(given: FlowRequest, [place, session, uri]: Known = lookUp(given), heard?: () => void): SyncFlow {
    const { url, method } = given;
    const request = withoutEmptyQuery(given);
    const isBodyless = method === "GET" || method === "HEAD";
    let answers = 0;

    /** §3.4: signs the request. */
    const sign = (by: Session): Answer => {
      answers++;
      const signed = by.answer(method, uri, isBodyless ? { content: "" } : given);
      request.headers.set("authorization", signed.authorization);
      return signed;
    };

    // In a protection space that is known, the answer goes before the question.
    let answer = session && (isBodyless || !heard || !isOverBody(session.challenge)) ? sign(session) : undefined;
    const unasked = answers;

    const probe = answer || isBodyless ? undefined : settings.probe;
    for (let step = probe ? probeFor(request, probe) : request; ; step = request) {
      const response = yield step;
      heard?.();
      const challenge = challengeOf(response);
      if (!challenge) {
        if (step !== request) continue; // nothing was asked of the probe, so the body goes out
        place.isOpen ||= !answer;
        if (response.status === 401) return;
        const nonce = verified(response, url, answer, settings.requireRspauth);
        // §3.5, nextnonce: not if the response is late, and another nonce is in use by now.
        if (nonce && answer && answer.session === sessionFor(place, uri)) {
          begin(place, { ...answer.session.challenge, nonce }, answer.session.paths, settings);
        }
        return;
      }
      if (answer) {
        // §3.3, stale: true is about the nonce alone. Else an answer to a question was wrong, and so would be the next;
        // one that went before the question may just have been late.
        const isRefused = answers > (says(challenge.stale, "true") ? STALE_LIMIT : unasked);
        if (isRefused || isSame(challenge, answer.session.challenge)) {
          // All that is known of the realm: after a password was changed, an older nonce would be another failed attempt.
          const { realm } = answer.session.challenge;
          for (const one of place.sessions) if (one.challenge.realm === realm) one.paths = [];
          return;
        }
      }
      answer = sign(begin(place, challenge, pathsOf(challenge, url), settings));
    }
  }

  /** Shares the first challenge of an origin between all calls that begin before it is there. */
  async function* share(request: FlowRequest, signal: AbortSignal | undefined): AsyncFlow {
    const heard = await enter(() => lookUp(request), settings.handshakeTimeout, signal);
    try {
      yield* exchange(request, undefined, heard);
    } finally {
      heard();
    }
  }

  const scheme = {
    name: "digest",
    origins: settings.origins,

    requiresRequestBody: (request: FlowRequest, response?: FlowResponse): boolean =>
      isOverBody(response ? challengeOf(response) : lookUp(request)[1]?.challenge),
    requiresResponseBody: mayProveBody,

    authFlow: (request: FlowRequest): SyncFlow => exchange(request),

    asyncAuthFlow(request: FlowRequest, { signal }: FlowContext): AsyncFlow {
      const known = lookUp(request);
      // The runner drives either kind; where there is nothing to wait for, a generator less is several turns less.
      return known[1] || known[0].isOpen ? (exchange(request, known) as unknown as AsyncFlow) : share(request, signal);
    },
  } satisfies AuthScheme;

  return defineScheme(scheme);
}

/** Whether answers are over the body, too. */
const isOverBody = (challenge: DigestChallenge | undefined): boolean => challenge?.qop === "auth-int";
