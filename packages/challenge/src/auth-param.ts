import { AUTH_PARAM } from "./grammar.ts";

/**
 * Reads one auth-param into `params`, over an earlier one of the same name as browsers and curl do.
 *
 * @returns false if it is malformed
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.2 RFC 9110 §11.2}
 */
export function readAuthParam(params: Map<string, string>, text: string): boolean {
  const [, name, quoted = "", value = quoted.replace(/\\([^])/g, "$1")]: (string | undefined)[] =
    AUTH_PARAM.exec(text) ?? [];
  if (name) params.set(name.toLowerCase(), value);
  return !!name;
}
