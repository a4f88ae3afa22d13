// RFC 6265 §4.1.1: the grammar of a cookie. §4.2.1, §5.4: one field holds them all, with "; " in between.
import { InvalidOptionError } from "@authflow/flow";
import { isToken, refuseForbidden } from "./header.ts";
import { keyRefusal } from "./key.ts";
import type { Place } from "./place.ts";

const FIELD = "cookie";

/** Puts the key in a cookie, beside those that the caller sends. */
export function inCookie(name: string, key: string): Place {
  if (!isToken(name)) {
    throw new InvalidOptionError('`cookie` is no name of a cookie (RFC 6265 §4.1.1), such as "api_key".');
  }
  if (!/^("?)[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+\1$/.test(key)) {
    throw keyRefusal("holds a character that no cookie can (RFC 6265 §4.1.1). Encode it as the API expects.");
  }
  const pair = `${name}=${key}`;
  refuseForbidden(FIELD, pair);
  return {
    name: FIELD,
    put(request) {
      const given = (request.headers.get(FIELD) ?? "").split(";");
      const others = given.filter((other) => other.trim() !== "" && nameOf(other) !== name);
      request.headers.set(FIELD, [...others, ` ${pair}`].join(";"));
      return request;
    },
  };
}

function nameOf(cookie: string): string {
  return cookie.replace(/=.*/, "").trim();
}
