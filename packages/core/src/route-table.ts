import { type AuthScheme, type FetchMiddleware, InvalidOptionError, originSet } from "@authflow/flow";
import { schemeOf } from "./auth-scheme.ts";
import { type Matcher, matcherOf, originOf, Target } from "./route-match.ts";
import { RoutePrefixes } from "./route-prefixes.ts";
import type { Route } from "./route.ts";

/** A route, ready to be used. */
export interface Lane {
  /** `null`: nobody; `undefined`: the route doesn't say. */
  readonly scheme: AuthScheme | null | undefined;
  /** Where that scheme may act; `undefined`: everywhere. */
  readonly origins: ReadonlySet<string> | undefined;
  readonly use: FetchMiddleware | undefined;
}

interface Entry {
  readonly order: number;
  readonly matcher: Matcher;
  readonly lane: Lane;
}

/** The routes of one origin. */
interface OriginRoutes {
  readonly entries: Entry[];
  /** The same, where each of them is a prefix. */
  prefixes: RoutePrefixes<Entry> | undefined;
}

const NO_ENTRIES: readonly Entry[] = [];

/** Where a URL leads of which servers may read two different things. Credentials for one of them are not for the other. */
const NOWHERE: Lane = { scheme: null, origins: undefined, use: undefined };

/** Routes in their order, found by origin: of a thousand, those for one server are looked at. */
export class RouteTable {
  readonly lanes: readonly Lane[];
  readonly #byOrigin = new Map<string, OriginRoutes>();
  readonly #anywhere: Entry[] = [];
  /** What was looked up last. A call looks its URL up several times. */
  #latestHref = "";
  #latestLane: Lane | undefined;
  /** A function may answer otherwise the next time. */
  #asks = false;

  /** @throws `ERR_AUTHFLOW_INVALID_OPTION` for a route that can't be meant; what `schemeOf` throws */
  constructor(routes: readonly Route[]) {
    if (!isList(routes)) throw new InvalidOptionError("`routes` is a list, such as [{ match, auth }].");
    this.lanes = routes.map((route, index) => {
      const lane = laneOf(route, index);
      const matches = isList(route.match) ? route.match : [route.match];
      for (const match of matches) this.#add({ order: index, matcher: matcherOf(match, whereOf(index)), lane });
      return lane;
    });
  }

  #add(entry: Entry): void {
    const { origin, prefix, asks = false } = entry.matcher;
    this.#asks ||= asks;
    if (origin === undefined) {
      this.#anywhere.push(entry);
      return;
    }
    const routes = this.#byOrigin.get(origin) ?? { entries: [], prefixes: new RoutePrefixes() };
    routes.entries.push(entry);
    if (prefix === undefined) routes.prefixes = undefined;
    else routes.prefixes?.add(prefix, entry);
    this.#byOrigin.set(origin, routes);
  }

  /**
   * The first route for a URL.
   * @param href as `Request.url` gives it, without a user name
   */
  find(href: string): Lane | undefined {
    if (href !== this.#latestHref || this.#asks) {
      this.#latestLane = this.#search(href);
      this.#latestHref = href;
    }
    return this.#latestLane;
  }

  /** Whether something is an http(s) URL as `find` takes it: the one that was looked up just now. */
  knows(text: unknown): text is string {
    return text === this.#latestHref && /^https?:/.test(this.#latestHref);
  }

  #search(href: string): Lane | undefined {
    const origin = originOf(href);
    const { entries: named = NO_ENTRIES, prefixes } = this.#byOrigin.get(origin) ?? {};
    const anywhere = this.#anywhere;
    const [first] = named;
    if (anywhere.length === 0 && (!first || first.matcher.prefix === "/")) return first?.lane;
    const target = new Target(href, origin);
    const { isPlain } = target;
    if (anywhere.length === 0 && prefixes && isPlain) return prefixes.find(target.path)?.lane;
    let i = 0;
    let j = 0;
    for (;;) {
      const one = named[i];
      const other = anywhere[j];
      const entry = one === undefined || (other !== undefined && other.order < one.order) ? other : one;
      if (entry === undefined) return undefined;
      if (entry === one) i++;
      else j++;
      const matched = entry.matcher.matches(target);
      if (!isPlain && (entry.matcher.matchesPlain?.(target) ?? matched) !== matched) return NOWHERE;
      if (matched) return entry.lane;
    }
  }

  /** The scheme of the route for a URL, where it may act there. */
  schemeAt(href: string): AuthScheme | undefined {
    const lane = this.find(href);
    return lane?.scheme && lane.origins?.has(originOf(href)) !== false ? lane.scheme : undefined;
  }

  /** Whether a route says who a request to a URL is from. */
  decides(href: string): boolean {
    return this.find(href)?.scheme !== undefined;
  }
}

function laneOf(route: Route, index: number): Lane {
  const { auth, use }: Partial<Route> = route ?? {}; // whatever callers without types give
  if (auth === undefined && use === undefined) {
    throw new InvalidOptionError(
      `${whereOf(index, "")} has neither \`auth\` nor \`use\`. For nobody, give { auth: null }.`,
    );
  }
  if (use !== undefined && typeof use !== "function") {
    throw new InvalidOptionError(
      `${whereOf(index, ".use")} is no function (next) => fetch. A scheme belongs into \`auth\`.`,
    );
  }
  const isScheme = use !== undefined && "authFlow" in use;
  if (isScheme && auth !== undefined) {
    throw new InvalidOptionError(
      `${whereOf(index, "")} has two schemes. Give one as \`auth\`, or both as one: compose(a, b).`,
    );
  }
  // What defineScheme makes has every member of a scheme, so it is one.
  const given = isScheme ? (use as unknown as AuthScheme) : auth;
  const scheme = given === null || given === undefined ? given : schemeOf(given);
  return {
    scheme,
    origins: scheme?.origins === undefined ? undefined : originSet(scheme.origins),
    use: isScheme ? undefined : use,
  };
}

function whereOf(index: number, member: string = ".match"): string {
  return `routes[${index}]${member}`;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
