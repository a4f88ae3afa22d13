// RFC 6749 §5: what an authorization server answers, and what of it may be told to others.
import { OAuth2Error } from "#oauth2-error";
import { isSecret, type Redact } from "./redacting.ts";
import { unavailable } from "./unavailable.ts";

/** What a server says where it ran into trouble of its own, which passes. */
const PASSES = /^(temporarily_unavailable|server_error)$/;

/** What the codes of RFC 6749, and those of all that came later, look like. */
const CODE = /^[a-z_]{3,40}$/;

/** How much of an answer is read, in octets: no metadata and no tokens are longer, and error pages may be endless. */
const MOST = 1024 * 1024;

/** The members of an answer. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * The text of an answer.
 * @returns nothing of one that is too long
 */
export async function textOf(response: Response): Promise<string> {
  // Some platforms have no streams.
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > MOST) {
      reader.cancel().catch(() => {}); // it is over for us
      return "";
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Reads an answer, whatever it is.
 *
 * @param text what {@link textOf} gives
 * @param now the clock, for a Retry-After that is a date
 * @param mayBeEmpty whether status 200 is enough
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, `_REFUSED`, `_REAUTHORIZE`, `_RESPONSE`
 */
export function readAnswer(
  { status, headers }: Response,
  text: string,
  url: string,
  redact: Redact,
  now: () => number,
  mayBeEmpty = false,
): Answer {
  const json = objectIn(text);
  const { error: code, error_description: description, error_uri: uri, ...others } = json ?? {};
  // A code is a code, also where a short secret is a part of it.
  const error = typeof code === "string" && CODE.test(code) ? code : toldOf(code, redact);
  const [errorDescription, errorUri] = [description, uri].map((said) => toldOf(said, redact));
  const details = detailsOf(others, redact);
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

/** What else stands in an answer, as JSON: without what is secret by its name, as a token beside an error is. */
function detailsOf(others: Answer, redact: Redact): string | undefined {
  const details = JSON.stringify(others, (name, value: unknown) => {
    if (typeof value === "number") return value; // a `status_code` is none
    return isSecret(name) ? "[redacted]" : typeof value === "string" ? redact(value) : value;
  });
  return details === "{}" ? undefined : toldOf(details, (text) => text);
}

/** The members that have a value: some servers send `null`, or an empty text, for what they don't have. */
function objectIn(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== ""));
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
