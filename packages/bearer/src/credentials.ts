// RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token, b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
import { InvalidCredentialsError } from "@authflow/flow";

const B64TOKEN = /^[\w.~+/-]+=*$/;

/**
 * Builds what the Authorization field holds, from whatever was given as a token.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`
 */
export function credentialsOf(token: unknown): string {
  if (typeof token !== "string") {
    throw new InvalidCredentialsError(`The token is ${typeof token}. Give it as text, or a function that gives text.`);
  }
  if (!B64TOKEN.test(token)) {
    throw new InvalidCredentialsError(
      token === ""
        ? "The token is empty."
        : 'The token holds a character that no bearer token has (RFC 6750 §2.1). Give it without "Bearer", spaces and line ends.',
    );
  }
  return `Bearer ${token}`;
}
