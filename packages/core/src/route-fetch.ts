import { defineScheme, runFlow } from "@authflow/flow";
import { applied } from "./applied.ts";
import { type Input, urlOf } from "./call-url.ts";
import { isOff, type MarkedInit, markWith } from "./mark.ts";
import { withMembersOf } from "./members.ts";
import { originOf } from "./route-match.ts";
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
  const below = elsewhere(transport);
  for (const lane of table.lanes)
    if (lane.use) used.set(lane, applied(lane.use, below, "The `use` of a route") as AnyFetch);
  if (used.size === 0 && table.lanes.every(({ scheme }) => scheme !== null)) return transport; // one runner, then, for all

  const byRoute: AnyFetch = (input, init, ...rest) => {
    const href = table.knows(input) ? input : httpHref(input);
    const lane = href === undefined ? undefined : table.find(href);
    if (href === undefined || !lane) return transport(input, init, ...rest);
    const send = used.get(lane) ?? transport;
    const origin = originOf(href);
    if (lane.scheme === null) return send(input, off(init, origin), ...rest);
    return send(input, lane.use ? atHome(init, origin) : init, ...rest);
  };

  // A call without authentication passes the runner by, and with it the look at each hop: the platform would take what a
  // middleware has put on along to wherever a redirect leads.
  const byHop = runFlow<AnyFetch>(FOLLOW, (input, init, ...rest) =>
    byRoute(input, off(init, urlOf(input)?.origin ?? "null"), ...rest),
  );
  const routed: AnyFetch = (input, init, ...rest) =>
    used.size > 0 && isOff(init) ? byHop(input, notOff(init), ...rest) : byRoute(input, init, ...rest);

  return withMembersOf(transport, routed);
}

/** Tells the wrappers inside that nobody is to be authenticated. */
function off(init: MarkedInit | undefined, origin: string): MarkedInit {
  return { ...init, authflow: markWith(init?.authflow, { origin: init?.authflow?.origin ?? origin, off: true }) };
}

function notOff(init: MarkedInit | undefined): MarkedInit {
  const { auth: _, authflow, ...own } = init ?? {};
  return authflow ? { ...own, authflow: markWith(authflow, { origin: authflow.origin, off: false }) } : own;
}

/** A route was chosen for this very URL, so what its `use` wraps acts here as at the origin of a call; never over http after https. */
function atHome(init: MarkedInit | undefined, here: string): MarkedInit | undefined {
  const mark = init?.authflow;
  const isHome = !mark || (mark.origin === here && !mark.left);
  if (isHome || (mark.secure && here.startsWith("http:"))) return init;
  return { ...init, authflow: markWith(mark, { origin: mark.origin, here }) };
}

/** What a `use` wraps wasn't chosen for the URL: it takes the hop for what it is to the call. */
function elsewhere(transport: AnyFetch): AnyFetch {
  return withMembersOf(transport, (input, init, ...rest) => {
    const mark = init?.authflow;
    if (mark?.here === undefined) return transport(input, init, ...rest);
    return transport(input, { ...init, authflow: markWith(mark, { origin: mark.origin, here: undefined }) }, ...rest);
  });
}

/** The URL of a call as a table looks it up, without a user name; `undefined` for what is no http(s) URL. */
function httpHref(input: Input): string | undefined {
  const url = urlOf(input);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username || url.password) url.username = url.password = "";
  return url.href;
}
