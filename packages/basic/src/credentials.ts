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
  const userId = credentialOctets("username", username, encode);
  if (userId.includes(":")) {
    throw new InvalidCredentialsError("The username holds a colon, where Basic ends it. Log in by another name.");
  }
  return `Basic ${btoa(`${userId}:${credentialOctets("password", password, encode)}`)}`;
}

function latin1(text: string, part: string): string {
  if (/[^\0-\xff]/.test(text)) {
    throw new InvalidCredentialsError(
      `The ${part} holds a character that Latin-1 lacks. Leave the encoding at "utf-8".`,
    );
  }
  return text; // the number of each character is its octet
}
