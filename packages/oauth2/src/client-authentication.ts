// RFC 6749 §2.3: how a client proves to the authorization server who it is.
import { assertText } from "./assert-option.ts";

/**
 * Puts a client's proof into a request: into its form or its headers. Those of oauth4webapi fit, too.
 *
 * @param server the authorization server; `issuer` is the audience of an assertion
 * @param client `client_id` is who it is
 */
export type ClientAuthentication = (
  server: { readonly issuer: string },
  client: { readonly client_id: string },
  body: URLSearchParams,
  headers: Headers,
) => void | Promise<void>;

/** What a client authentication keeps to itself: for the key of a store, and to take it out of a server's words. */
const secrets = new WeakMap<ClientAuthentication, string>();

export const secretOf = (authentication: ClientAuthentication): string | undefined => secrets.get(authentication);

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` for an empty secret */
export const withSecret = (secret: string, make: () => ClientAuthentication): ClientAuthentication => {
  assertText("The client secret", secret);
  const authentication = make();
  secrets.set(authentication, secret);
  return authentication;
};

/**
 * `client_secret_basic`: id and secret in the Authorization header, each form-encoded first. What `clientSecret` stands for.
 *
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an empty secret
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749 §2.3.1}
 */
export function clientSecretBasic(secret: string): ClientAuthentication {
  return withSecret(secret, () => (_server, { client_id: id }, _body, headers) => {
    // As forms encode, so letters, digits and `*-._` stay: servers that forget to decode take the ids of this world, too.
    headers.set("authorization", `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}`);
  });
}

const formEncoded = (text: string): string => `${new URLSearchParams([["", text]])}`.slice(1);

/**
 * `client_secret_post`: id and secret in the form, for servers that can't do `client_secret_basic`.
 *
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an empty secret
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749 §2.3.1}
 */
export function clientSecretPost(secret: string): ClientAuthentication {
  return withSecret(secret, () => (_server, { client_id: id }, body) => {
    body.set("client_id", id);
    body.set("client_secret", secret);
  });
}

/** A client without a secret says who it is, and proves nothing (`none`). */
export const publicClient: ClientAuthentication = (_server, { client_id: id }, body) => {
  body.set("client_id", id);
};
