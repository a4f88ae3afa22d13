// RFC 6750 §3: how a resource server says that an access token is of no use.
import { parseChallenges } from "@authflow/challenge";

/** §3.1: these say that another token of the same grant would fare no better. */
const NOT_THE_TOKEN = new Set<string | undefined>(["invalid_request", "insufficient_scope"]);

/** Whether a response refuses the access token that its request carried. */
export function refuses(response: Response, bare401: boolean): boolean {
  if (response.status !== 401) return false;
  if (!response.headers.has("www-authenticate")) return bare401;
  return parseChallenges(response.headers).some(
    ({ scheme, params }) => scheme === "bearer" && !NOT_THE_TOKEN.has(params.get("error")),
  );
}
