import { readAuthParam } from "./auth-param.ts";
import { CHALLENGE, PARAM_LIKE } from "./grammar.ts";
import { listElements } from "./list.ts";
import type { Challenge, FieldSource } from "./types.ts";

const textOf = (source: FieldSource, field: string): string =>
  typeof source === "string" ? source : (source?.get(field) ?? "");

/**
 * Reads challenges in their order, from one field line or several, with one challenge in each or several. A malformed
 * challenge is left out and hides none of the others. It throws on no text and takes linear time.
 *
 * Credentials have the same grammar, so a server reads `Authorization` with it too.
 *
 * @param source the field's value, or the headers of the message
 * @param field which field of the headers; `www-authenticate` by default
 * @returns the well-formed challenges; an empty array if there are none
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 RFC 9110 §11.6.1}
 * @example
 * import { parseChallenges } from "@authflow/challenge";
 *
 * const headers = new Headers({ "www-authenticate": 'Negotiate, Basic realm="wiki, staff only"' });
 * for (const { scheme, params } of parseChallenges(headers)) console.log(scheme, params.get("realm"));
 */
export function parseChallenges(
  source: FieldSource,
  field: "www-authenticate" | "proxy-authenticate" | "authorization" | "proxy-authorization" = "www-authenticate",
): Challenge[] {
  const challenges: Challenge[] = [];
  // Where the next auth-param goes. After a token68, and in what is left of a malformed challenge, nobody sees it.
  let open = new Map<string, string>();
  for (const element of listElements(textOf(source, field))) {
    if (PARAM_LIKE.test(element)) {
      if (!readAuthParam(open, element) && challenges.at(-1)?.params === open) challenges.pop();
    } else {
      open = new Map();
      const [, scheme, token68, param] = CHALLENGE.exec(element) ?? [];
      if (scheme && (!param || readAuthParam(open, param))) {
        challenges.push({ scheme: scheme.toLowerCase(), params: open, token68 });
      }
      if (token68) open = new Map();
    }
  }
  return challenges;
}

/**
 * Reads the parameters that a server sends once it has let a request in, such as Digest's `rspauth` and `nextnonce`.
 * A malformed parameter is left out. It throws on no text and takes linear time.
 *
 * @param source the field's value, or the headers of the response
 * @param field which field of the headers; `authentication-info` by default
 * @returns the parameters, their names in lower case, their values unquoted
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.3 RFC 9110 §11.6.3}
 * @example
 * import { parseAuthenticationInfo } from "@authflow/challenge";
 *
 * console.log(parseAuthenticationInfo('nextnonce="47364c23", qop=auth').get("nextnonce"));
 */
export function parseAuthenticationInfo(
  source: FieldSource,
  field: "authentication-info" | "proxy-authentication-info" = "authentication-info",
): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const element of listElements(textOf(source, field))) readAuthParam(params, element);
  return params;
}
