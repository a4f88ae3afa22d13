import { InsecureTransportError } from "./errors/insecure-transport.ts";
import { InvalidOptionError } from "./errors/invalid-option.ts";
import { originOf } from "./shape.ts";

/** An absolute http(s) URL, or `undefined` for any other. Relative ones are resolved where the runtime has a location. */
export function httpUrl(text: string): URL | undefined {
  const base = (globalThis as { location?: { href?: string } }).location?.href;
  try {
    const url = new URL(text, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Whether credentials could be read on the way: plain http, except to this very machine. */
export function isInsecure(url: URL): boolean {
  return url.protocol === "http:" && !/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])\.?$/.test(url.hostname);
}

/**
 * For a scheme whose `requireHttps` is set: lets a request pass whose credentials nobody can read on the way.
 *
 * @param scheme its name, for the error
 * @param url where the request goes
 * @throws `ERR_AUTHFLOW_INSECURE_TRANSPORT` for plain http, except to this very machine
 */
export function refuseInsecure(scheme: string, url: string): void {
  const parsed = new URL(url);
  // Without the query, which may hold secrets.
  if (isInsecure(parsed)) throw new InsecureTransportError(scheme, parsed.origin + parsed.pathname);
}

/**
 * The user name and password that stand in a URL, percent-decoded; `undefined` where there are none.
 *
 * @example
 * import { userinfoOf } from "@authflow/flow";
 *
 * console.log(userinfoOf(new URL("https://finley:pa%20ss@example.com/"))); // → { username: 'finley', password: 'pa ss' }
 */
export function userinfoOf(url: URL): { username: string; password: string } | undefined {
  const { username, password } = url;
  return username || password ? { username: decode(username), password: decode(password) } : undefined;
}

// A stray "%" stands for itself, and so does what is no UTF-8.
function decode(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (octets) => {
    try {
      return decodeURIComponent(octets);
    } catch {
      return octets;
    }
  });
}

/**
 * The origins of a list, each as `URL.origin` spells it: lower-case, punycode, no default port.
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for what is no list, and for a text in it that is no http(s) URL
 */
export function originSet(origins: readonly string[]): ReadonlySet<string> {
  if (!isList(origins)) {
    throw new InvalidOptionError('`origins` is a list of origins, such as ["https://api.example.com"].');
  }
  const set = new Set<string>();
  for (const [index, text] of origins.entries()) {
    const url = httpUrl(text);
    if (!url || url.pathname !== "/" || /[*@?#]/.test(text))
      throw new InvalidOptionError(
        `origins[${index}] is no http(s) origin. Give it whole, such as "https://api.example.com", without path and wildcard.`,
      );
    set.add(url.origin);
  }
  return set;
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

/** For how many origins something is remembered. */
const LIMIT = 100;

/**
 * Keeps what a scheme knows of each origin apart: a token, a nonce, a session. Nothing that one origin gave can go to
 * another, and a program that calls ever new ones doesn't grow: what is known of 100 origins is kept, and then that of which
 * nobody has asked for the longest time is forgotten.
 *
 * @param make makes what is kept of an origin that is new, or forgotten
 * @returns a function that takes the `url` of a Request
 *
 * @example
 * import { defineScheme, perOrigin } from "@authflow/flow";
 *
 * const visitAt = perOrigin(() => ({ count: 0 }));
 * const counting = defineScheme({
 *   name: "counting",
 *   *authFlow(request) {
 *     request.headers.set("x-visit", String(++visitAt(request.url).count));
 *     yield request;
 *   },
 * });
 * const echo = async (_url: string, init?: RequestInit) => new Response(new Headers(init?.headers).get("x-visit"));
 * const countingFetch = counting(echo);
 * await countingFetch("https://one.example/");
 * await countingFetch("https://one.example/");
 * console.log(await (await countingFetch("https://other.example/")).text()); // → 1
 */
export function perOrigin<T>(make: () => T): (url: string) => T {
  const values = new Map<string, T>(); // in the order of their last use
  let latest: { readonly origin: string; readonly value: T } | undefined; // mostly the one that is asked for again
  return (url) => {
    const origin = originOf(url);
    if (latest?.origin === origin) return latest.value;
    const value = values.has(origin) ? (values.get(origin) as T) : make(); // a T if there is one
    values.delete(origin);
    values.set(origin, value);
    const [oldest = ""] = values.keys();
    if (values.size > LIMIT) values.delete(oldest);
    latest = { origin, value };
    return value;
  };
}
