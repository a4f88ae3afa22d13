// What a person does in a browser, done by the server itself: logs in as the one user there is, and says yes or no.
import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import type { Settings } from "./provider.ts";

export const USER = "finley";

/** Answers whatever the server would ask a person, and goes on with the authorization. */
export async function answerForTheUser(
  provider: Provider,
  { consents }: Settings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, grantId } = await provider.interactionDetails(request, response);
  if (!consents) {
    const refusal = { error: "access_denied", error_description: "The user said no" };
    return provider.interactionFinished(request, response, refusal);
  }
  if (prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: USER } });
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId: USER, clientId: String(params["client_id"]) });
  const { missingOIDCScope, missingResourceScopes } = prompt.details as Details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(" "));
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

/** What the consent prompt says is asked for; the types of oidc-provider leave it open. */
interface Details {
  readonly missingOIDCScope?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}
