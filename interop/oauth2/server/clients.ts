// Who may ask for tokens, one client for each way to authenticate (RFC 6749 §2.3, RFC 7523 §2.2).
import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import type { ClientMetadata } from "oidc-provider";

/** RFC 6749 §2.3.1 has both halves encoded as a form is, and everything here that isn't a letter would change on the way. */
export const HARD_SECRET = "100%:a+b/c d&e=f%41?";

/** The same with letters that RFC 6749 Appendix A.2 leaves out and many servers take. */
export const UNICODE_SECRET = "pä%:+/ ßwörd-秘密";

/** Long enough for HS256 (RFC 7518 §3.2). */
export const SHARED_KEY = "a secret of more than thirty-two octets";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** In PKCS #8, for `crypto.subtle`. */
export const PRIVATE_KEY: Uint8Array<ArrayBuffer> = new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" }));
export const PRIVATE_KEY_ID = "key-1";

const PUBLIC_JWK: JsonWebKey & { kid: string } = { ...publicKey.export({ format: "jwk" }), kid: PRIVATE_KEY_ID };

/** RFC 8252 §7.3: a program of the user's listens at whichever port it got, and the server lets it. */
export const LOOPBACK_REDIRECT = "http://127.0.0.1/callback";

const confidential = (client_id: string, more: Omit<ClientMetadata, "client_id">): ClientMetadata => ({
  client_id,
  client_secret: HARD_SECRET,
  redirect_uris: ["https://client.example/callback"],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  scope: "openid offline_access read write",
  ...more,
});

export const CLIENTS: readonly ClientMetadata[] = [
  confidential("by basic: 100%+1", { token_endpoint_auth_method: "client_secret_basic" }),
  confidential("by post", { token_endpoint_auth_method: "client_secret_post" }),
  confidential("by unicode basic", {
    client_secret: UNICODE_SECRET,
    token_endpoint_auth_method: "client_secret_basic",
  }),
  confidential("by unicode post", { client_secret: UNICODE_SECRET, token_endpoint_auth_method: "client_secret_post" }),
  confidential("by secret jwt", { client_secret: SHARED_KEY, token_endpoint_auth_method: "client_secret_jwt" }),
  confidential("by key jwt", {
    client_secret: undefined,
    jwks: { keys: [PUBLIC_JWK] },
    token_endpoint_auth_method: "private_key_jwt",
  }),
  {
    client_id: "cli",
    application_type: "native",
    token_endpoint_auth_method: "none",
    redirect_uris: [LOOPBACK_REDIRECT],
    grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
    scope: "openid offline_access read write",
  },
];
