import type { Arrival, Place } from "./places.ts";

/** One more step of a journey. */
export interface Hop {
  readonly to: Place;
  /** How the Location names the URL of the step. Default: as it is. */
  readonly location?: (url: string, from: Arrival) => string;
  /** Whether the server there answers 401, whatever it is sent. */
  readonly asks?: true;
}

/** A kind of redirect: where a call begins, and where servers lead it. */
export interface Journey {
  readonly name: string;
  readonly about: string;
  /** What it is called in conformance/redirects.json. */
  readonly cases: readonly string[];
  readonly from: Place;
  readonly hops: readonly Hop[];
  /** What the caller says about redirects. */
  readonly redirect?: RequestRedirect;
}

/** Who a server that means harm would like the client to be. */
export const CHOSEN_BY_SERVER = "ev1lCh0sen";

const withUserinfo = (url: string): string => url.replace("//", `//${CHOSEN_BY_SERVER}:${CHOSEN_BY_SERVER}@`);
const withQuery = (url: string, { query }: Arrival): string => `${url}?page=2&${query}`;
const asLogin = (url: string, { query }: Arrival): string =>
  `${url}?return_to=${encodeURIComponent(`https://home.example/start?page=1&${query}`)}&asked=${encodeURIComponent(query)}`;

export const JOURNEYS: readonly Journey[] = [
  {
    name: "same",
    about: "to the same origin, which is sent the credentials once more",
    cases: ["same-origin"],
    from: "home",
    hops: [{ to: "home" }],
  },
  {
    name: "port",
    about: "to another port of the host",
    cases: ["other-port"],
    from: "home",
    hops: [{ to: "port" }],
  },
  {
    name: "host",
    about: "to another host, 127.0.0.2",
    cases: ["custom-header-x-api-key", "cookie-header", "proxy-authorization", "bearer-plus-netrc"],
    from: "home",
    hops: [{ to: "host" }],
  },
  {
    name: "name",
    about: "to `localhost`, the very same server by another name",
    cases: ["other-host-same-port"],
    from: "home",
    hops: [{ to: "name" }],
  },
  {
    name: "up",
    about: "from http to https",
    cases: ["scheme-up"],
    from: "home",
    hops: [{ to: "secure" }],
  },
  {
    name: "down",
    about: "from https to http",
    cases: ["scheme-down"],
    from: "secure",
    hops: [{ to: "home" }],
  },
  {
    name: "back",
    about: "to another host and back",
    cases: ["away-and-back"],
    from: "home",
    hops: [{ to: "host" }, { to: "home" }],
  },
  {
    name: "again",
    about: "to another host, and on within it",
    cases: ["away-then-same-away"],
    from: "home",
    hops: [{ to: "host" }, { to: "host" }],
  },
  {
    name: "two",
    about: "to another host, and on to a third origin",
    cases: [],
    from: "home",
    hops: [{ to: "host" }, { to: "port" }],
  },
  {
    name: "user",
    about: "to another host, with a user name and a password in the Location",
    cases: ["userinfo-other-origin"],
    from: "home",
    hops: [{ to: "host", location: withUserinfo }],
  },
  {
    name: "user here",
    about: "to the same origin, with a user name and a password in the Location",
    cases: ["userinfo-same-origin"],
    from: "home",
    hops: [{ to: "home", location: withUserinfo }],
  },
  {
    name: "query",
    about: "to another host, with a copy of the query in the Location",
    cases: [],
    from: "home",
    hops: [{ to: "host", location: withQuery }],
  },
  {
    name: "login",
    about: "to another host, with copies of the URL and of the query in parameters of the Location",
    cases: [],
    from: "home",
    hops: [{ to: "host", location: asLogin }],
  },
  {
    name: "401",
    about: "to another host, which answers 401 with a challenge for each scheme",
    cases: ["redirect-then-401-other-origin"],
    from: "home",
    hops: [{ to: "host", asks: true }],
  },
  {
    name: "back, 401",
    about: "to another host and back, where the origin of the call answers 401",
    cases: [],
    from: "home",
    hops: [{ to: "host" }, { to: "home", asks: true }],
  },
  {
    name: "manual",
    about: 'to another host, and the caller said `redirect: "manual"`',
    cases: [],
    from: "home",
    hops: [{ to: "host" }],
    redirect: "manual",
  },
  {
    name: "error",
    about: 'to another host, and the caller said `redirect: "error"`',
    cases: [],
    from: "home",
    hops: [{ to: "host" }],
    redirect: "error",
  },
];

export const STATUSES = [301, 302, 303, 307, 308] as const;
export type Status = (typeof STATUSES)[number];
