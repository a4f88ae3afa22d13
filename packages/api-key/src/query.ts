// WHATWG URL §5: a query is pairs of names and values, form-encoded.
import { InvalidOptionError } from "@authflow/flow";
import { keyRefusal } from "./key.ts";
import type { Place } from "./place.ts";

/** Puts the key in the query. */
export function inQuery(name: string, key: string): Place {
  if (typeof name !== "string" || name === "" || isBroken(name)) {
    throw new InvalidOptionError('`query` is no name of a query parameter, such as "api_key".');
  }
  if (isBroken(key)) throw keyRefusal("holds a lone surrogate, half of a character. It was cut in two: take it whole.");
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(key)}`;
  return { name, put: (request) => new Request(withPair(request.url, name, pair), request) };
}

// Which no URL can hold.
function isBroken(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** A URL with a pair in place of those with its name; all others stay as they are spelled. */
function withPair(url: string, name: string, pair: string): string {
  const [, before = "", query, fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(.*)$/.exec(url) ?? [];
  const others = query ? query.split("&").filter((other) => nameOf(other) !== name) : [];
  return `${before}?${[...others, pair].join("&")}${fragment}`;
}

function nameOf(pair: string): string | undefined {
  const [name] = new URLSearchParams(`?${pair}`).keys(); // which takes one question mark off
  return name;
}
