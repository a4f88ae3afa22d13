// RFC 7616 §3.4.2: the username and the password, as octets. §4: a challenge may want them in Normalization Form C.
import { credentialOctets } from "@authflow/flow";

/** Gives what a caller gave, in octets; `nfc`: in Normalization Form C. A function, which no inspection opens. */
export type Credential = (nfc: boolean) => string;

/**
 * Checks a username or a password.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`
 */
export function credentialOf(part: "username" | "password", value: unknown): Credential {
  const octets = credentialOctets(part, value);
  return (nfc) => (nfc && typeof value === "string" ? credentialOctets(part, value.normalize("NFC")) : octets);
}
