// Some servers repeat what they were sent: what is secret of it is taken out of their words.
import type { ServerRequest } from "./server-request.ts";

const SECRET = /(secret|token|assertion|code|verifier|password)$/i;

/** Whether what has this name is a secret, in a request or an answer. */
export const isSecret = (name: string): boolean => SECRET.test(name);

/** A text without these secrets, however they are written. */
export const redacted = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter(Boolean)
    .flatMap(spellings)
    // The longest first, so that none leaves its ends because a shorter one is a part of it.
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, one) => rest.replaceAll(one, "[redacted]"), text);

/** What is secret in a request. */
export function secretsIn({ body, headers }: ServerRequest): readonly string[] {
  const [, credentials = ""] = headers["authorization"]?.split(" ") ?? [];
  return [...(body ?? [])]
    .flatMap(([name, value]) => (isSecret(name) ? [value] : []))
    .concat(credentials, ...passwordsIn(credentials));
}

/** As it is, and as forms, URLs and JSON write it. */
function spellings(text: string): readonly string[] {
  const form = `${new URLSearchParams({ "": text })}`.slice(1);
  // As `encodeURIComponent` does, which throws for half of a surrogate pair.
  const url = form.replaceAll("+", "%20").replaceAll(/%(2[1789]|7E)/g, decodeURIComponent);
  return [text, form, url, JSON.stringify(text).slice(1, -1)];
}

/** What stands after the colon (RFC 7617 §2), as it is and as forms encode it (RFC 6749 §2.3.1). */
function* passwordsIn(credentials: string): Generator<string> {
  try {
    const octets = Uint8Array.from(atob(credentials), (letter) => letter.charCodeAt(0));
    const password = new TextDecoder().decode(octets).replace(/^[^:]*:/, "");
    yield password;
    yield decodeURIComponent(password.replaceAll("+", " "));
  } catch {
    // It is neither, so there is nothing else to take out.
  }
}
