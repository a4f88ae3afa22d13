import { InvalidOptionError } from "@authflow/flow";
import { urlOf } from "./call-url.ts";
import { plainPath } from "./plain-path.ts";
import type { RouteMatch, RouteUrlPattern } from "./route.ts";

/** The origin of a URL as `URL.href` or `Request.url` gives it, without a user name. */
export function originOf(href: string): string {
  return href.slice(0, href.indexOf("/", 8)); // there is one in every http URL that a URL parser wrote
}

/** The URL of a request, taken apart. */
export class Target {
  readonly href: string;
  readonly origin: string;
  readonly path: string;
  /** The path as a server reads it that decodes all it can. */
  readonly plainPath: string;
  /** There is one way to read it. */
  readonly isPlain: boolean;
  #url: URL | undefined;

  /** @param href as `URL.href` or `Request.url` gives it, without a user name */
  constructor(href: string, origin: string) {
    const end = href.search(/[?#]/);
    this.href = href;
    this.origin = origin;
    this.path = href.slice(origin.length, end < 0 ? undefined : end);
    this.plainPath = plainPath(this.path);
    this.isPlain = this.plainPath === this.path;
  }

  /** For functions: one for all of them, and no other call's. */
  get url(): URL {
    this.#url ??= new URL(this.href);
    return this.#url;
  }

  get plainHref(): string {
    return this.origin + this.plainPath + this.href.slice(this.origin.length + this.path.length);
  }
}

/** One match, ready to be asked. */
export interface Matcher {
  /** Where it can match at all; `undefined`: anywhere. */
  readonly origin: string | undefined;
  /** That alone says what it matches at its origin. */
  readonly prefix?: string;
  /** It asks a function, each time. */
  readonly asks?: boolean;
  /** By the URL as it is. */
  matches(target: Target): boolean;
  /** By the URL as a server may read it; `undefined` where that can't be asked. */
  matchesPlain?(target: Target): boolean;
}

/**
 * @param where the match stands, for errors
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for what can't be meant
 */
export function matcherOf(match: RouteMatch, where: string): Matcher {
  if (typeof match === "string") return prefixMatcher(match, where);
  if (typeof match === "function") return predicateMatcher(match, where);
  if (isPattern(match)) return patternMatcher(match);
  throw new InvalidOptionError(
    `${where} is none of these: an origin or a URL prefix as a string, a URLPattern, a function (url) => boolean, or a list of them.`,
  );
}

/** A prefix ends where a segment of the path ends. */
function prefixMatcher(text: string, where: string): Matcher {
  const url = urlOf(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidOptionError(`${where} is no http(s) URL. Write it whole, such as "https://api.example.com/v1".`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new InvalidOptionError(`${where} has more than an origin and a path. Credentials belong into \`auth\`.`);
  }
  if (text.includes("*")) {
    throw new InvalidOptionError(`${where} has a "*". A prefix stands for all below it; a URLPattern has wildcards.`);
  }
  const literal = url.pathname;
  const plain = plainPath(literal);
  return {
    origin: url.origin,
    prefix: literal,
    matches: ({ path }) => covers(literal, path),
    matchesPlain: (target) => covers(plain, target.plainPath),
  };
}

function covers(prefix: string, path: string): boolean {
  return path.startsWith(prefix) && endsSegment(path, prefix.length);
}

/** Whether the first so many characters of a path are whole segments. */
export function endsSegment(path: string, length: number): boolean {
  return length === path.length || path[length] === "/" || path[length - 1] === "/";
}

function predicateMatcher(predicate: (url: URL) => boolean, where: string): Matcher {
  return {
    origin: undefined,
    asks: true,
    matches({ url }) {
      const matched: unknown = predicate(url);
      // A promise is true, as a condition, and would match everything.
      if (typeof matched !== "boolean")
        throw new InvalidOptionError(`${where} gave ${typeof matched}. It has to answer true or false, at once.`);
      return matched;
    },
  };
}

function isPattern(value: unknown): value is RouteUrlPattern {
  const { test, protocol, hostname, port } = (value ?? {}) as Partial<RouteUrlPattern>; // each of which is looked at
  return typeof test === "function" && [protocol, hostname, port].every((part) => typeof part === "string");
}

function patternMatcher(pattern: RouteUrlPattern): Matcher {
  const { protocol, hostname, port } = pattern;
  const names = /^https?$/.test(protocol) && /^[\w.-]+$/.test(hostname) && /^\d*$/.test(port);
  return {
    // One that names its origin needs no look elsewhere.
    origin: names ? urlOf(`${protocol}://${hostname}${port && `:${port}`}`)?.origin : undefined,
    matches: ({ href }) => pattern.test(href),
    matchesPlain: ({ plainHref }) => pattern.test(plainHref),
  };
}
