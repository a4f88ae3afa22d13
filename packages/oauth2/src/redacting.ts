import type { ServerRequest } from "./server-request.ts";

/** Takes secrets out of what a server says. */
export type Redact = (text: string) => string;

const SECRET = /(secret|token|assertion|code|verifier|password)$/;

/** Remembers what was secret in a request, since some servers repeat what they were sent. */
export function redacting(secret: string | undefined): {
  readonly redact: Redact;
  readonly note: (request: ServerRequest) => void;
} {
  const secrets = new Set(secret ? [secret] : []);
  return {
    redact: (text) => [...secrets].reduce((rest, one) => rest.replaceAll(one, "[redacted]"), text),
    note({ body, headers }) {
      const members = [...(body ?? [])].map(([name, value]) => SECRET.test(name) && value);
      for (const value of [headers["authorization"]?.split(" ")[1], ...members]) if (value) secrets.add(value);
    },
  };
}
