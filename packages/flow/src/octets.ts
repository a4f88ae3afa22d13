// Octets as text, one character each: so header fields hold them, and so they can be joined, quoted and hashed.
import { InvalidCredentialsError } from "./errors/invalid-credentials.ts";
import { tagOf } from "./tag.ts";

/**
 * The octets of a user name or a password, one character an octet, as `btoa` and digests of text take them.
 *
 * @param part what it is, for the error: `username` or `password`
 * @param value text, or the very octets as a Uint8Array
 * @param encode text to octets; default: UTF-8
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for anything else, for a control character (CTL of RFC 5234, which no
 * scheme with a user name may send), for a colon in a username (RFC 7617 §2, RFC 7616 §3.4.2: `a:b` with password `c`
 * would be `a` with password `b:c`) and for half a surrogate pair; the message never holds the value
 *
 * @example
 * import { credentialOctets } from "@authflow/flow";
 *
 * console.log(btoa(credentialOctets("password", "pässwörd"))); // → cMOkc3N3w7ZyZA==
 */
export function credentialOctets(
  part: string,
  value: unknown,
  encode: (text: string, part: string) => string = utf8,
): string {
  let octets: string;
  if (typeof value === "string") octets = encode(value, part);
  else if (isBytes(value)) octets = binary(value);
  else {
    throw new InvalidCredentialsError(
      `The ${part} is ${typeof value}. Give { username, password } as text or Uint8Array. Is its environment variable set?`,
    );
  }
  if (part === "username" && octets.includes(":")) {
    throw new InvalidCredentialsError(
      "The username holds a colon, and that is where a server takes it to end. Log in by another name.",
    );
  }
  // In UTF-8, no octet of a longer sequence is a control character.
  if (/[\0-\x1f\x7f]/.test(octets)) {
    throw new InvalidCredentialsError(
      `The ${part} holds a control character. If it was read from a file, trim the line end.`,
    );
  }
  return octets;
}

/**
 * The octets of a header field that a message came with: the text that `headers.get` gives, unless the runtime has decoded
 * it from UTF-8.
 *
 * @param field what `headers.get` gave; no field is no octets
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-5.5 RFC 9110 §5.5}
 *
 * @example
 * import { octetsOfField } from "@authflow/flow";
 *
 * console.log(octetsOfField("5 €").length); // → 5
 */
export function octetsOfField(field: string | null): string {
  return field && /[^\0-\xff]/.test(field) ? binary(new TextEncoder().encode(field)) : (field ?? "");
}

/**
 * What a header field is set to so that these octets are sent: they themselves, as the fetch standard has it; or the text
 * that they encode, on a runtime that sends fields as UTF-8, as workerd does. That has no way to send octets that are no
 * UTF-8.
 *
 * @param octets such as {@link credentialOctets} gives
 *
 * @example
 * import { credentialOctets, fieldOfOctets } from "@authflow/flow";
 *
 * const headers = new Headers({ "x-user": fieldOfOctets(credentialOctets("username", "jürgen")) });
 * console.log(headers.get("x-user")); // → jÃ¼rgen
 */
export function fieldOfOctets(octets: string): string {
  if (!/[^\0-\x7f]/.test(octets) || !sendsUtf8()) return octets;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)));
}

/** Whether a field takes characters that are no octets. */
function sendsUtf8(): unknown {
  try {
    return new Headers({ x: "\u0100" });
  } catch {
    return undefined;
  }
}

function utf8(text: string, part: string): string {
  // The encoder would put U+FFFD in its place, which makes it another password.
  if (/\p{Surrogate}/u.test(text)) {
    throw new InvalidCredentialsError(
      `The ${part} holds a lone surrogate, half of a character. It was cut in two: take it whole.`,
    );
  }
  return binary(new TextEncoder().encode(text));
}

function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => String.fromCodePoint(octet)).join("");
}

function isBytes(value: unknown): value is Uint8Array {
  return tagOf(value) === "Uint8Array";
}
