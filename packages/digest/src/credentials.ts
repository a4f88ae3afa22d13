// RFC 7616 §3.4.2: the username and the password, as octets. §4: a challenge may want them in Normalization Form C.
import { InvalidCredentialsError } from "@authflow/flow";
import { binary, utf8 } from "./octets.ts";

/** Gives what a caller gave, in octets; `nfc`: in Normalization Form C. A function, which no inspection opens. */
export type Credential = (nfc: boolean) => string;

/**
 * Checks a username or a password.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`
 */
export function credentialOf(part: "username" | "password", value: unknown): Credential {
  const check = (isValid: boolean, problem: string): void => {
    if (!isValid) throw new InvalidCredentialsError(`The ${part} ${problem}`);
  };
  const text = typeof value === "string" ? value : undefined;
  check(text !== undefined || isBytes(value), `is ${typeof value}. Give text or a Uint8Array.`);
  // The encoder would put U+FFFD in its place, which makes it another password.
  check(!/\p{Surrogate}/u.test(text ?? ""), "holds a lone surrogate, half of a character. Take it whole.");
  const octets = text === undefined ? binary(value as Uint8Array) : utf8(text); // as was just checked
  // CTL of RFC 5234 appendix B.1. In UTF-8, no octet of a longer sequence is one.
  check(!/[\0-\x1f\x7f]/.test(octets), "holds a control character. Trim the line end.");
  // H(A1) is over "username:realm:password": with a colon it could be another name in another realm.
  check(part === "password" || !octets.includes(":"), "holds a colon, where Digest ends it. Take another.");
  return (nfc) => (nfc && text !== undefined ? utf8(text.normalize("NFC")) : octets);
}

// By its tag: Jest and frames have a Uint8Array of their own.
function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}
