// A service that acts for itself (OAuth 2, RFC 6749 §4.4). The issuer's metadata say where tokens are had; one is fetched before
// the first call, for any number of them, and the next one before it ends.
import { createAuthFetch } from "@authflow/core";
import { clientCredentials } from "@authflow/oauth2";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response[]> {
  const authFetch = createAuthFetch({
    auth: clientCredentials({ issuer: `${origin}/oauth`, clientId: "service", clientSecret: "service-secret" }),
  });

  return Promise.all([authFetch(`${origin}/oauth/jobs?page=1`), authFetch(`${origin}/oauth/jobs?page=2`)]);
}

await standalone(import.meta.url, run);
