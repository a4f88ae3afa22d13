// RFC 7617 §2: credentials are the user-id, a colon and the password, in Base64. §2.1: text goes in UTF-8.
import { InvalidCredentialsError, InvalidOptionError } from "@authflow/flow";

type Part = "username" | "password";

/**
 * Builds what the Authorization field holds, from whatever a caller gave.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`, `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function credentialsOf(username: unknown, password: unknown, encoding: unknown = "utf-8"): string {
  if (encoding !== "utf-8" && encoding !== "latin1") {
    throw new InvalidOptionError('The encoding is neither "utf-8" nor "latin1". Give other octets as a Uint8Array.');
  }
  const encode = encoding === "utf-8" ? utf8 : latin1;
  const userId = octetsOf("username", username, encode);
  if (userId.includes(":")) throw refusal("username", "holds a colon, where Basic ends it. Log in by another name.");
  return `Basic ${btoa(`${userId}:${octetsOf("password", password, encode)}`)}`;
}

/** What goes over the wire, one character an octet: so `btoa` takes it. */
function octetsOf(part: Part, value: unknown, encode: typeof utf8): string {
  let octets: string;
  if (typeof value === "string") octets = encode(part, value);
  else if (isBytes(value)) octets = binary(value);
  else
    throw refusal(part, `is ${typeof value}. Give { username, password } as text or Uint8Array; either may be empty.`);
  // CTL of RFC 5234 appendix B.1. In UTF-8, no octet of a longer sequence is one.
  if (/[\0-\x1f\x7f]/.test(octets)) {
    throw refusal(part, "holds a control character. If it was read from a file, trim the line end.");
  }
  return octets;
}

function utf8(part: Part, text: string): string {
  // The encoder would put U+FFFD in its place, which makes it another password.
  if (/\p{Surrogate}/u.test(text)) {
    throw refusal(part, "holds a lone surrogate, half of a character. It was cut in two: take it whole.");
  }
  return binary(new TextEncoder().encode(text));
}

function latin1(part: Part, text: string): string {
  if (/[^\0-\xff]/.test(text)) {
    throw refusal(part, 'holds a character that Latin-1 lacks. Leave the encoding at "utf-8".');
  }
  return text; // the number of each character is its octet
}

function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => String.fromCharCode(octet)).join("");
}

// By its tag: Jest and frames have a Uint8Array of their own.
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

function refusal(part: Part, problem: string): InvalidCredentialsError {
  return new InvalidCredentialsError(`The ${part} ${problem}`);
}
