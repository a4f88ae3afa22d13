// Octets as text, one character each: so header fields hold them (Latin-1), and so they can be joined and quoted. What is
// hashed are these octets, never the UTF-8 of that text.
/** What a header field gives: octets already, unless the runtime has decoded them from UTF-8. */
export function octetsOf(field = ""): string {
  if (!/[^\0-\xff]/.test(field)) return field;
  return Array.from(new TextEncoder().encode(field), (octet) => String.fromCharCode(octet)).join("");
}

/** Octets as what a hash takes. It takes text as UTF-8, which is the same for ASCII. */
export function hashable(octets: string): string | Uint8Array {
  return /[^\0-\x7f]/.test(octets) ? Uint8Array.from(octets, (character) => character.charCodeAt(0)) : octets;
}

/**
 * What a header field is set to so that these octets are sent: themselves, as the fetch standard has it; or the text that
 * they encode, on a runtime that sends fields as UTF-8, as workerd does. It has no way to send octets that are no UTF-8.
 */
export function fieldOf(octets: string, isUtf8: () => unknown = sendsUtf8): string {
  const bytes = hashable(octets);
  return typeof bytes === "string" || !isUtf8() ? octets : new TextDecoder().decode(bytes);
}

/** Whether a field takes characters that are no octets. */
function sendsUtf8(): unknown {
  try {
    return new Headers({ x: "\u0100" });
  } catch {
    return undefined;
  }
}
