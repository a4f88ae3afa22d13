// What tokens are for: an API that takes only those which the authorization server knows (RFC 6750 §3).
import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";

/** What the API says about the token that it was sent. */
export interface Told {
  readonly client: string | undefined;
  readonly user: string | undefined;
  readonly scope: string | undefined;
  readonly resource: string | readonly string[] | undefined;
}

export async function protectedApi(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { authorization } = request.headers;
  if (authorization === undefined) return refuse(response, 'Bearer realm="api"');
  const token = /^Bearer ([\w.~+/-]+=*)$/.exec(authorization)?.[1] ?? "";
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  if (!found) return refuse(response, 'Bearer realm="api", error="invalid_token"');
  const told: Told = {
    client: found.clientId,
    user: "accountId" in found ? found.accountId : undefined,
    scope: found.scope,
    resource: found.aud,
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
}

function refuse(response: ServerResponse, challenge: string): void {
  response.writeHead(401, { "www-authenticate": challenge }).end();
}
