// RFC 9110 §5: a field has a name, which is a token, and a value.
import { InvalidOptionError } from "@authflow/flow";
import { ForbiddenHeaderError } from "./forbidden-header-error.ts";
import { keyRefusal } from "./key.ts";
import type { Place } from "./place.ts";

/** Puts the key in a header field. */
export function inHeader(name: string, key: string): Place {
  if (!isToken(name)) {
    throw new InvalidOptionError('`header` is no name of a header field (RFC 9110 §5.1), such as "X-API-Key".');
  }
  if (/[^\0-\xff]/.test(key))
    throw keyRefusal("holds a character beyond Latin-1, which a header can't carry (RFC 9110 §5.5).");
  if (key.trim() !== key) throw keyRefusal("begins or ends with a space, which a header loses (RFC 9110 §5.5).");
  refuseForbidden(name, key);
  return {
    name,
    put(request) {
      request.headers.set(name, key);
      return request;
    },
  };
}

/** RFC 9110 §5.6.2 */
export function isToken(text: unknown): text is string {
  return typeof text === "string" && /^[!#$%&'*+.^_`|~\w-]+$/.test(text);
}

/**
 * Tries out whether a script may set a field here.
 * @throws `ERR_AUTHFLOW_FORBIDDEN_HEADER`
 * @see {@link https://fetch.spec.whatwg.org/#forbidden-request-header Fetch, forbidden request-header}
 */
export function refuseForbidden(name: string, value: string): void {
  const { headers } = new Request("https://example.com/", { headers: [[name, value]] });
  if (!headers.has(name)) throw new ForbiddenHeaderError(name);
}
