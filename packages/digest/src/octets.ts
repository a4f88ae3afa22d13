/** Octets as what a hash takes. It takes text as UTF-8, which is the same for ASCII. */
export const hashable = (octets: string): string | Uint8Array =>
  /[^\0-\x7f]/.test(octets) ? Uint8Array.from(octets, (octet) => octet.charCodeAt(0)) : octets;
