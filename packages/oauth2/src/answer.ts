// RFC 6749 §5: what an authorization server answers, and what of it may be told to others.
import { unavailable } from "./attempts.ts";
import { OAuth2Error } from "#oauth2-error";
import type { Redact } from "./redacting.ts";

/** What a server says where it ran into trouble of its own, which passes. */
const PASSES = /^(temporarily_unavailable|server_error)$/;

/** What the codes of RFC 6749, and those of all that came later, look like. */
const CODE = /^[a-z_]{3,40}$/;

/** The members of an answer. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * Reads an answer, whatever it is, to its end.
 *
 * @param now the clock, for a Retry-After that is a date
 * @param mayBeEmpty whether status 200 is enough
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, `_REFUSED`, `_REAUTHORIZE`, `_RESPONSE`
 */
export async function readAnswer(
  response: Response,
  url: string,
  redact: Redact,
  now: () => number,
  mayBeEmpty = false,
): Promise<Answer> {
  const { status, headers } = response;
  const json = objectIn(await response.text());
  const { error: code, error_description: description, error_uri: uri, ...others } = json ?? {};
  // A code is a code, also where a short secret is a part of it.
  const error = typeof code === "string" && CODE.test(code) ? code : toldOf(code, redact);
  const [errorDescription, errorUri] = [description, uri].map((text) => toldOf(text, redact));
  const details = Object.keys(others).length > 0 ? toldOf(JSON.stringify(others), redact) : undefined;
  const seeAlso = errorUri ? ` (see ${errorUri})` : "";
  const what = error
    ? `${url} answered ${error}${errorDescription ? `: ${errorDescription}` : ""}${seeAlso}`
    : `${url} answered ${status}${json ? "" : ", and no JSON object"}`;
  const about = { url, status, error, errorDescription, errorUri, ...(error && { details }) };

  // This one is final, whatever status it comes with.
  if (error === "invalid_grant") {
    throw new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", `${what}. Only a new login helps.`, about);
  }
  if (status === 429 || status >= 500 || PASSES.test(error ?? "") || (status === 200 && !json && !mayBeEmpty)) {
    throw unavailable(what, { ...about, retryAfter: retryAfter(headers.get("retry-after"), now) });
  }
  if (error) throw new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REFUSED", `${what}.`, about);
  if (status !== 200) {
    throw new OAuth2Error("ERR_AUTHFLOW_OAUTH2_RESPONSE", `${what}. Check that this is the endpoint.`, about);
  }
  return json ?? {};
}

/** What of a server's words may be told: no secrets, no more than a log can take, and no line ends, which forge its lines. */
const toldOf = (text: unknown, redact: Redact): string | undefined =>
  typeof text === "string" && text !== ""
    ? redact(text)
        .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
        .slice(0, 300)
    : undefined;

/** The members that have a value: some servers send `null` for what they don't have. */
function objectIn(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  } catch {
    return undefined;
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. In milliseconds. */
function retryAfter(value: string | null, now: () => number): number | undefined {
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}
