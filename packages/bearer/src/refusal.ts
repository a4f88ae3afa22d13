// RFC 6750 §3: how a resource server says that a token is of no use.
import { type Challenge, parseChallenges } from "@authflow/challenge";

/** §3.1: these say that another token of the same kind, or any token, would fare no better. */
const NOT_THE_TOKEN = new Set<string | undefined>(["invalid_request", "insufficient_scope"]);

/** What a 401 without a challenge is taken for. */
const BARE: Challenge = { scheme: "bearer", params: new Map(), token68: undefined };

/**
 * The challenge by which a server refuses the token of a request; `undefined` for any other response.
 *
 * `invalid_token` is what §3.1 has for it. A challenge without an error is one, too: §3 has a server leave the error out
 * for a request without a token, so one that does for a request with it doesn't know the token either.
 */
export function refusalIn(response: Response, bare401: boolean): Challenge | undefined {
  if (response.status !== 401) return undefined;
  if (bare401 && !response.headers.has("www-authenticate")) return BARE;
  return parseChallenges(response.headers).find(
    ({ scheme, params }) => scheme === "bearer" && !NOT_THE_TOKEN.has(params.get("error")),
  );
}
