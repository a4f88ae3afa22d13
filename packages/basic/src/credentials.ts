// RFC 7617 §2: credentials are the user-id, a colon and the password, in Base64. §2.1: text goes in UTF-8.
import { credentialOctets, InvalidCredentialsError, InvalidOptionError } from "@authflow/flow";

/**
 * Builds what the Authorization field holds, from whatever a caller gave.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`, `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function credentialsOf(username: unknown, password: unknown, encoding: unknown = "utf-8"): string {
  if (encoding !== "utf-8" && encoding !== "latin1") {
    throw new InvalidOptionError('The encoding is neither "utf-8" nor "latin1". Give other octets as a Uint8Array.');
  }
  const encode = encoding === "latin1" ? latin1 : undefined;
  const octets = (part: string, value: unknown): string => credentialOctets(part, value, encode);
  return `Basic ${btoa(`${octets("username", username)}:${octets("password", password)}`)}`;
}

function latin1(text: string, part: string): string {
  if (/[^\0-\xff]/.test(text)) {
    throw new InvalidCredentialsError(
      `The ${part} holds a character that Latin-1 lacks. Leave the encoding at "utf-8".`,
    );
  }
  return text; // the number of each character is its octet
}
