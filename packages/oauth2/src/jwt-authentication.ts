// RFC 7523 §2.2: a client proves who it is by what it signs.
import { ClientSecretJwt, PrivateKeyJwt } from "oauth4webapi";
import { type ClientAuthentication, withSecret } from "./client-authentication.ts";

/**
 * `client_secret_jwt`: an assertion that is signed with the secret (HS256), which itself stays here.
 *
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an empty secret
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.2 RFC 7523 §2.2}
 */
export function clientSecretJwt(secret: string): ClientAuthentication {
  return withSecret(secret, () => ClientSecretJwt(secret));
}

// By the platform's function: without the library "dom" there is no type of the name CryptoKey.
type PrivateKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/**
 * `private_key_jwt`: an assertion that is signed with a private key, whose public half the server knows.
 *
 * @param key the key, of WebCrypto; its algorithm says how to sign
 * @param kid which of the client's keys it is, if it has several
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.2 RFC 7523 §2.2}
 */
export function privateKeyJwt(key: PrivateKey, kid?: string): ClientAuthentication {
  return PrivateKeyJwt(kid === undefined ? key : { key, kid });
}
