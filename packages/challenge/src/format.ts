import { AUTH_PARAM, TOKEN, TOKEN68 } from "./grammar.ts";
import type { AuthParams, ChallengeInit } from "./types.ts";

/** The text itself, if a field can carry it. The error names the part, never what it holds, which may be a secret. */
function valid(text: string, pattern: RegExp, part: string): string {
  if (pattern.test(text)) return text;
  throw Object.assign(new TypeError(`No field can carry this ${part}.`), {
    code: "ERR_AUTHFLOW_FIELD_VALUE",
  });
}

/**
 * Writes one challenge. Several in one field are joined with `", "`.
 *
 * @param challenge its scheme, with parameters, a token68 or neither
 * @returns the value for `WWW-Authenticate` or `Proxy-Authenticate`
 * @throws `ERR_AUTHFLOW_FIELD_VALUE`, a TypeError, if the scheme or a parameter's name is no token, the token68 is none,
 * or a value holds a control character
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.3 RFC 9110 §11.3}
 * @example
 * import { formatChallenge } from "@authflow/challenge";
 *
 * console.log(formatChallenge({ scheme: "Basic", params: [["realm", 'the "wiki"'], ["charset", "UTF-8"]] }));
 */
export function formatChallenge({ scheme, token68, params = [], tokens }: ChallengeInit): string {
  const rest = token68 === undefined ? formatAuthenticationInfo(params, tokens) : valid(token68, TOKEN68, "token68");
  return valid(scheme, TOKEN, "scheme") + (rest && ` ${rest}`);
}

/**
 * Writes the parameters that a server sends once it has let a request in.
 *
 * @param params the parameters
 * @param tokens names of those to write without quotes, as in `ChallengeInit`; none by default
 * @returns the value for `Authentication-Info` or `Proxy-Authentication-Info`
 * @throws `ERR_AUTHFLOW_FIELD_VALUE`, as `formatChallenge` does
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.3 RFC 9110 §11.6.3}
 * @example
 * import { formatAuthenticationInfo } from "@authflow/challenge";
 *
 * console.log(formatAuthenticationInfo([["rspauth", "6629fae4"], ["nc", "00000001"]], ["nc"]));
 */
export function formatAuthenticationInfo(params: AuthParams, tokens: readonly string[] = []): string {
  const written: string[] = [];
  for (const [name, value] of params) {
    if (value !== undefined) {
      const text = tokens.includes(name) && TOKEN.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
      written.push(valid(`${name}=${text}`, AUTH_PARAM, name));
    }
  }
  return written.join(", ");
}
