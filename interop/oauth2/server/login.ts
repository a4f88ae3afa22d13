// Tokens of a person's login that none of the packages had a hand in.
import { createHash, randomBytes } from "node:crypto";
import { Browser } from "./browser.ts";

/** What the token endpoint gives for a login of the client `cli` (RFC 6749 §5.1). */
export interface Login {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

export async function login(issuer: string): Promise<Login> {
  const verifier = randomBytes(32).toString("base64url");
  const asked = { client_id: "cli", redirect_uri: "http://127.0.0.1/callback" };
  const query = new URLSearchParams({
    ...asked,
    response_type: "code",
    scope: "read",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const back = new URL(await new Browser().authorize(`${issuer}/auth?${query}`));
  const code = back.searchParams.get("code") ?? "";
  const form = { ...asked, grant_type: "authorization_code", code, code_verifier: verifier };
  const response = await fetch(`${issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
  return (await response.json()) as Login;
}
