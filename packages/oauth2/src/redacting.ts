import type { ServerRequest } from "./server-request.ts";

/** Takes secrets out of what a server says. */
export type Redact = (text: string) => string;

const SECRET = /(secret|token|assertion|code|verifier|password)$/i;

/** Whether what has this name is a secret, in a request or an answer. */
export const isSecret = (name: string): boolean => SECRET.test(name);

/** Remembers what was secret in a request, since some servers repeat what they were sent. */
export function redacting(secret: string | undefined): {
  readonly redact: Redact;
  readonly note: (request: ServerRequest) => void;
} {
  const secrets = new Set<string>();
  const add = (text: string | undefined): void => {
    if (text) for (const form of [text, ...encoded(text)]) secrets.add(form);
  };
  add(secret);
  return {
    // The longest first, so that none leaves its ends because a shorter one is a part of it.
    redact: (text) =>
      [...secrets]
        .toSorted((one, other) => other.length - one.length)
        .reduce((rest, one) => rest.replaceAll(one, "[redacted]"), text),
    note({ body, headers }) {
      for (const [name, value] of body ?? []) if (isSecret(name)) add(value);
      const [, credentials = ""] = headers["authorization"]?.split(" ") ?? [];
      add(credentials);
      for (const one of passwordsIn(credentials)) add(one);
    },
  };
}

/** How forms, URLs and JSON write a text. */
function encoded(text: string): readonly string[] {
  const form = `${new URLSearchParams({ "": text })}`.slice(1);
  // As `encodeURIComponent` does, which throws for half of a surrogate pair.
  const url = form.replaceAll("+", "%20").replaceAll(/%(2[1789]|7E)/g, decodeURIComponent);
  return [form, url, JSON.stringify(text).slice(1, -1)];
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
