import { defineScheme, type FetchMiddleware, InvalidOptionError, runFlow } from "@authflow/flow";
import { type Input, urlOf } from "./call-url.ts";
import { isOff, type MarkedInit, markWith } from "./mark.ts";
import type { Lane, RouteTable } from "./route-table.ts";
import { pass } from "./scheme-by-url.ts";

type AnyFetch = (input: Input, init?: MarkedInit, ...rest: readonly unknown[]) => Promise<Response>;

/** Does nothing at any origin, so that the runner follows redirects. */
const FOLLOW = defineScheme({ name: "routes", scope: "origin", sendsOnce: true, authFlow: pass });

/**
 * What is below the schemes of routes: sends each request, of each hop, through the middleware of its route, and tells the
 * wrappers further inside where a route wants nobody's credentials.
 *
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for a `use` that gives no fetch
 */
export function routeFetch(table: RouteTable, transport: AnyFetch): AnyFetch {
  const used = new Map<Lane, AnyFetch>();
  for (const lane of table.lanes) if (lane.use) used.set(lane, applied(lane.use, transport));
  if (used.size === 0 && table.lanes.every(({ scheme }) => scheme !== null)) return transport; // one runner, then, for all

  const byRoute: AnyFetch = (input, init, ...rest) => {
    const url = urlOf(input);
    if (!url || !/^https?:$/.test(url.protocol)) return transport(input, init, ...rest);
    url.username = url.password = "";
    const lane = table.find(url.href);
    if (!lane) return transport(input, init, ...rest);
    const send = used.get(lane) ?? transport;
    return send(input, lane.scheme === null ? off(init, url.origin) : atHome(init, url), ...rest);
  };

  // A call without authentication passes the runner by, and with it the look at each hop: the platform would take what a
  // middleware has put on along to wherever a redirect leads.
  const byHop = runFlow<AnyFetch>(FOLLOW, (input, init, ...rest) =>
    byRoute(input, off(init, urlOf(input)?.origin ?? "null"), ...rest),
  );
  const routed: AnyFetch = (input, init, ...rest) =>
    used.size > 0 && isOff(init) ? byHop(input, notOff(init), ...rest) : byRoute(input, init, ...rest);

  const { prototype: _, ...members }: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(transport);
  return Object.defineProperties(routed, members);
}

function applied(use: FetchMiddleware, next: AnyFetch): AnyFetch {
  const made: unknown = use(next);
  if (typeof made === "function") return made as AnyFetch; // as its author says
  throw new InvalidOptionError(`The \`use\` of a route gave ${typeof made}. It takes a fetch and returns one.`);
}

/** Tells the wrappers inside that nobody is to be authenticated. */
function off(init: MarkedInit | undefined, origin: string): MarkedInit {
  return { ...init, authflow: markWith(init?.authflow, { origin: init?.authflow?.origin ?? origin, off: true }) };
}

function notOff(init: MarkedInit | undefined): MarkedInit {
  const { auth: _, authflow, ...own } = init ?? {};
  return authflow ? { ...own, authflow: markWith(authflow, { origin: authflow.origin, off: false }) } : own;
}

/** A route was chosen for this very URL, so what it wraps acts here as at the origin of a call; never over http after https. */
function atHome(init: MarkedInit | undefined, { origin, protocol }: URL): MarkedInit | undefined {
  const mark = init?.authflow;
  if (!mark || (mark.secure && protocol === "http:")) return init;
  return { ...init, authflow: markWith(mark, { origin, left: false }) };
}
