// RFC 6749 §5: what an authorization server answers, and what of it may be told to others.
import { Unavailable } from "./attempts.ts";
import { OAuth2Error } from "./oauth2-error.ts";
import type { Redact } from "./redacting.ts";

/** What a server says where it ran into trouble of its own, which passes. */
const PASSES = /^(temporarily_unavailable|server_error)$/;

/** The members of an answer. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * Reads an answer, whatever it is, to its end.
 *
 * @param now the clock, for a Retry-After that is a date
 * @param mayBeEmpty whether status 200 is enough
 * @throws Unavailable, and `ERR_AUTHFLOW_OAUTH2_REFUSED`, `_REAUTHORIZE`, `_RESPONSE`
 */
export async function readAnswer(
  response: Response,
  url: string,
  redact: Redact,
  now: () => number,
  mayBeEmpty = false,
): Promise<Answer> {
  const { status } = response;
  const json = objectIn(await response.text());
  const { error } = json ?? {};
  const said = typeof error === "string" && error !== "" ? error : undefined;

  // `invalid_grant` is final, whatever status it comes with.
  if (said !== "invalid_grant") {
    if (status === 429 || status >= 500 || PASSES.test(said ?? "") || (status === 200 && !json && !mayBeEmpty)) {
      throw new Unavailable(
        url,
        said
          ? `answered ${status} with ${quoted(said, redact)}`
          : `answered ${status}${json ? "" : " with what is no JSON object"}`,
        status,
        retryAfter(response.headers.get("retry-after"), now),
      );
    }
  }
  if (said !== undefined) throw refusal(url, status, json ?? {}, redact);
  if (status !== 200) {
    throw new OAuth2Error(
      "ERR_AUTHFLOW_OAUTH2_RESPONSE",
      `${url} answered ${status}, and without an error of OAuth 2. Check that this is the endpoint.`,
      { url, status },
    );
  }
  return json ?? {};
}

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

/** §5.2 */
function refusal(url: string, status: number, json: Answer, redact: Redact): OAuth2Error {
  const [error = "", errorDescription, errorUri] = [json["error"], json["error_description"], json["error_uri"]].map(
    (text) => (typeof text === "string" && text !== "" ? quoted(text, redact) : undefined),
  );
  const reauthorize = error === "invalid_grant";
  return new OAuth2Error(
    reauthorize ? "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" : "ERR_AUTHFLOW_OAUTH2_REFUSED",
    `${url} answered ${error}${errorDescription ? `: ${errorDescription}` : ""}.${errorUri ? ` See ${errorUri}` : ""}${
      reauthorize ? " Only a new login helps." : ""
    }`,
    { url, status, error, errorDescription, errorUri },
  );
}

// §5.2 has printable ASCII in all three, which no server keeps to; line ends and other controls would forge lines of a log.
const quoted = (text: string, redact: Redact): string =>
  redact(text)
    .replace(/\p{C}+/gu, " ")
    .slice(0, 300);

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(value: string | null, now: () => number): number | undefined {
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}
