// RFC 6749 Appendix A.2 has secrets made of printable ASCII, and oidc-provider refuses others, with no option for it. Many
// servers take any letter.

/** Where the check stands: a path within the package, for which there are no types. */
const ATTRIBUTES: string = "oidc-provider/lib/consts/client_attributes.js";

/** Lifts that check alone: what decodes a secret and compares it stays oidc-provider's own. */
export async function takeAnyLetter(): Promise<void> {
  const { noVSCHAR } = (await import(ATTRIBUTES)) as { readonly noVSCHAR: RegExp };
  noVSCHAR.exec = (text) => /\p{Cc}/u.exec(text); // which `test` calls, too
}
