// RFC 6749 §6: new tokens for a refresh token.
import type { Endpoint } from "./endpoint.ts";
import type { Grant } from "./grant.ts";
import { grantParameters } from "./grant-parameters.ts";
import type { GrantOptions } from "./options.ts";
import { grantRequest } from "./server-request.ts";
import { isUnspent } from "./spending.ts";

/** The `refresh` of a grant whose server gives refresh tokens. */
export function refreshing(endpoint: Endpoint, options: GrantOptions): NonNullable<Grant["refresh"]> {
  const asked = grantParameters(options);
  return (context, tokens) => {
    const parameters = new URLSearchParams(asked);
    parameters.set("refresh_token", tokens.refreshToken ?? "");
    return endpoint.tokens(context, grantRequest("refresh_token", parameters), { previous: tokens, isUnspent });
  };
}
