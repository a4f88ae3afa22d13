// RFC 6749 §5: what an authorization server answers, and what of it may be told to others.
import { OAuth2Error } from "#oauth2-error";
import { reauthorize, unavailable } from "./failures.ts";
import { isSecret } from "./redacting.ts";

/** What a server says where it ran into trouble of its own, which passes. */
const PASSES = /^(temporarily_unavailable|server_error)$/;

/** What the codes of RFC 6749, and those of all that came later, look like. */
const CODE = /^[a-z_]{3,40}$/;

/** How much of an answer is read, in octets: no metadata and no tokens are longer, and error pages may be endless. */
const MOST = 1024 * 1024;

type Redact = (text: string) => string;

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
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).text();
    size += value.length;
    if (size > MOST) {
      reader.cancel().catch(() => {}); // it is over for us
      return "";
    }
    chunks.push(value);
  }
}

/**
 * Reads an answer, whatever it is.
 *
 * @param text what {@link textOf} gives
 * @param redact takes out what is secret
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
  mayBeEmpty?: boolean,
): Answer {
  const json = objectIn(text);
  const { error: code, error_description: description, error_uri: uri, ...others } = json ?? {};
  const told = (said: unknown): string | undefined => (typeof said === "string" ? printable(redact(said)) : undefined);
  // A code is a code, also where a short secret is a part of it.
  const error = typeof code === "string" && CODE.test(code) ? code : told(code);
  const [errorDescription, errorUri] = [told(description), told(uri)];
  if (!error && status === 200 && (json || mayBeEmpty)) return json ?? {};

  const details = error && detailsOf(others, redact);
  const about = { url, status, error, errorDescription, errorUri, details };
  const why = errorDescription ? `: ${errorDescription}` : "";
  const seeAlso = errorUri ? ` (see ${errorUri})` : "";
  const what = error ? error + why + seeAlso : `${status}${json ? "" : ", and no JSON object"}`;
  const sentence = `${url} answered ${what}`;
  // This one is final, whatever status it comes with.
  if (error === "invalid_grant") throw reauthorize(sentence, about);
  if (status === 429 || status >= 500 || PASSES.test(error ?? "") || (status === 200 && !json)) {
    throw unavailable(sentence, { ...about, retryAfter: retryAfter(headers.get("retry-after") ?? "", now) });
  }
  throw error
    ? new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REFUSED", `${sentence}.`, about)
    : new OAuth2Error("ERR_AUTHFLOW_OAUTH2_RESPONSE", `${sentence}. Check that this is the endpoint.`, about);
}

/** No more than a log can take, and no line ends, which forge its lines. */
const printable = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);

/** What else stands in an answer, as JSON: without what is secret by its name, as a token beside an error is. */
function detailsOf(others: Answer, redact: Redact): string | undefined {
  const details = JSON.stringify(others, (name, value: unknown) => {
    if (typeof value === "number") return value; // a `status_code` is none
    return isSecret(name) ? "[redacted]" : typeof value === "string" ? redact(value) : value;
  });
  return details === "{}" ? undefined : printable(details);
}

/** The members that have a value: some servers send `null`, or an empty text, for what they don't have. */
function objectIn(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text, (_, member: unknown) =>
      member === null || member === "" ? undefined : member,
    );
    return typeof value === "object" && !Array.isArray(value) ? (value as Answer) : undefined; // it isn't null
  } catch {
    return undefined;
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. In milliseconds. */
function retryAfter(value: string, now: () => number): number | undefined {
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}
