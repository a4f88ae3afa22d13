// Who a call may be from: every scheme, and every way in which core takes credentials.
import { apiKey } from "@authflow/api-key";
import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { anyOf, createAuthFetch, routes } from "@authflow/core";
import { digest } from "@authflow/digest";
import { type AuthFunction, type AuthScheme, defineScheme, type Scheme } from "@authflow/flow";
import { netrc } from "@authflow/netrc";
import { clientCredentials } from "@authflow/oauth2";
import { LAYERS, type Fetcher, type Layer } from "./layers.ts";
import type { Place } from "./places.ts";

/** A credential: letters and digits that stand in it and nowhere else, and where they may be sent. */
export interface Credential {
  readonly marker: string;
  /** Default: the origin of the call alone. */
  readonly belongs?: readonly Place[];
}

/** A subject, made anew for one call. */
export interface Made {
  readonly wrap: Layer;
  readonly credentials: readonly Credential[];
  /** The scheme alone, for what takes one; `undefined` for what is made of a fetch alone. */
  readonly scheme: AuthScheme | AuthFunction | undefined;
  /** What the caller says beside: a URL with a user name, headers of its own. */
  readonly url?: (url: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a call begins. */
export interface Setting {
  readonly from: Place;
  readonly origin: (place: Place) => string;
  /** Where tokens are issued. */
  readonly tokenEndpoint: string;
}

export interface Subject {
  readonly name: string;
  /** Where its credentials stand: one that is further outside keeps others off. */
  readonly slot: "authorization" | "header" | "query" | "cookie";
  /** Sends nothing before the origin of the call has asked. */
  readonly waits?: true;
  /** What the origin of the call refuses, once. */
  readonly refused?: string;
  /** Whether another call went before, from which something is remembered. */
  readonly warm?: true;
  /** Looks up each hop by its own origin, so that it acts on a return. */
  readonly looksUp?: true;
  /** Credentials that stand in the URL, where only a fetch that takes them off can be called. */
  readonly inUrl?: true;
  /** A way to make a fetch, and no scheme that could be given to another one. */
  readonly wrapsOnly?: true;
  readonly make: (setting: Setting) => Made;
}

/** What the token endpoint gives. */
export const ISSUED_TOKEN = "t0kenIssued";

/** A user name and a password of a subject's own; the password has what encodings change. */
const account = (owner: string): { readonly username: string; readonly password: string } => ({
  username: `us3rOf${owner}`,
  password: `p4ssw0rdOf${owner} +/%`,
});
const partsOf = (owner: string, belongs?: readonly Place[]): readonly Credential[] =>
  [`us3rOf${owner}`, `p4ssw0rdOf${owner}`].map((marker) => ({ marker, ...(belongs && { belongs }) }));
const pairOf = (owner: string): readonly [string, string] => [account(owner).username, account(owner).password];

const key = (place: string): string => `k3yInThe${place}+/_`;
const keyIn = (place: string): readonly Credential[] => [{ marker: `k3yInThe${place}` }];

const hostOf = (origin: string): string => new URL(origin).hostname;
const entry = (host: string, owner: string): string => {
  const { username, password } = account(owner);
  return `machine ${host} login ${username} password "${password}"\n`;
};
/** A netrc file names hosts, so an entry is for all ports of its host; over plain http not for a call that began over https. */
const byHost = (owner: string, { from }: Setting): readonly Credential[] =>
  partsOf(owner, from === "secure" ? [from] : [from, "port", "secure", "issuer"]);
/** Another account, for the other hosts. */
const elsewhere = (owner: string, { from }: Setting): readonly Credential[] =>
  partsOf(owner, from === "secure" ? [] : ["host", "name"]);

export const ofScheme = (scheme: Scheme, credentials: readonly Credential[]): Made => ({
  wrap: (next) => scheme(next),
  scheme,
  credentials,
});

const signed: AuthFunction = (request) => {
  request.headers.set("x-signature", "s1gnatureOfCall");
  return request;
};

export const SUBJECTS: readonly Subject[] = [
  { name: "basic", slot: "authorization", make: () => ofScheme(basic(account("Basic")), partsOf("Basic")) },
  {
    name: "bearer",
    slot: "authorization",
    make: () => ofScheme(bearer("t0kenFixed+/~"), [{ marker: "t0kenFixed" }]),
  },
  {
    name: "bearer, a function",
    slot: "authorization",
    refused: "t0kenFirst",
    make: () =>
      ofScheme(
        bearer((_request, challenge) => (challenge ? "t0kenSecond+/~" : "t0kenFirst+/~")),
        [{ marker: "t0kenFirst" }, { marker: "t0kenSecond" }],
      ),
  },
  {
    name: "oauth2",
    slot: "authorization",
    make: ({ tokenEndpoint }) => {
      const scheme = clientCredentials({
        tokenEndpoint,
        clientId: "cl1entOfMatrix",
        clientSecret: "s3cretOfMatrix +/%",
      });
      const ofClient = ["cl1entOfMatrix", "s3cretOfMatrix"].map((marker) => ({ marker, belongs: ["issuer"] as const }));
      return ofScheme(scheme, [{ marker: ISSUED_TOKEN }, ...ofClient]);
    },
  },
  {
    name: "api-key, a header",
    slot: "header",
    make: () => ofScheme(apiKey({ header: "x-api-key", value: key("Header") }), keyIn("Header")),
  },
  {
    name: "api-key, the query",
    slot: "query",
    make: () => ofScheme(apiKey({ query: "api_key", value: key("Query") }), keyIn("Query")),
  },
  {
    name: "api-key, a cookie",
    slot: "cookie",
    make: () => ofScheme(apiKey({ cookie: "session", value: key("Cookie") }), keyIn("Cookie")),
  },
  {
    name: "digest",
    slot: "authorization",
    waits: true,
    make: () => ofScheme(digest(account("Digest")), partsOf("Digest")),
  },
  {
    name: "digest, warm",
    slot: "authorization",
    waits: true,
    warm: true,
    make: () => ofScheme(digest(account("Session")), partsOf("Session")),
  },
  {
    name: "netrc",
    slot: "authorization",
    looksUp: true,
    make: (setting) =>
      ofScheme(netrc({ text: entry(hostOf(setting.origin(setting.from)), "Netrc") }), byHost("Netrc", setting)),
  },
  {
    name: "netrc, an entry a host",
    slot: "authorization",
    looksUp: true,
    make: (setting) => {
      const others = [...new Set([hostOf(setting.origin("host")), "localhost"])];
      const text =
        entry(hostOf(setting.origin(setting.from)), "Entry") + others.map((host) => entry(host, "Other")).join("");
      return ofScheme(netrc({ text }), [...byHost("Entry", setting), ...elsewhere("Other", setting)]);
    },
  },
  {
    name: "routes",
    wrapsOnly: true,
    slot: "authorization",
    looksUp: true,
    make: (setting) => {
      const { from, origin } = setting;
      const others: readonly Place[] = from === "secure" ? ["home"] : ["host", "name"];
      const wrap = routes([
        { match: origin(from), auth: pairOf("Route") },
        { match: others.map(origin), auth: pairOf("Elsewhere") },
      ]);
      return {
        wrap: (next) => wrap(next),
        scheme: undefined,
        credentials: [...partsOf("Route"), ...elsewhere("Elsewhere", setting)],
      };
    },
  },
  {
    name: "routes, use",
    wrapsOnly: true,
    slot: "authorization",
    looksUp: true,
    make: ({ from, origin }) => {
      const other: Place = from === "secure" ? "home" : "name";
      const wrap = routes([
        { match: origin(from), use: (next: Fetcher) => basic(account("InUse"))(next) },
        { match: origin(other), use: (next: Fetcher) => basic(account("UsedElsewhere"))(next) },
        { match: origin("host"), use: LAYERS.copy },
      ]);
      return {
        wrap: (next) => wrap(next),
        scheme: undefined,
        credentials: [...partsOf("InUse"), ...partsOf("UsedElsewhere", other === "name" ? [other] : [])],
      };
    },
  },
  {
    name: "anyOf",
    slot: "authorization",
    waits: true,
    make: () => ofScheme(anyOf(digest(account("Any")), basic(account("Any"))), partsOf("Any")),
  },
  {
    name: "a function auth",
    slot: "header",
    make: () => ({
      wrap: (next) => defineScheme(signed)(next),
      scheme: signed,
      credentials: [{ marker: "s1gnatureOfCall" }],
    }),
  },
  {
    name: "core, the client's",
    wrapsOnly: true,
    slot: "authorization",
    make: () => ({
      wrap: (next) => createAuthFetch({ auth: pairOf("Client"), fetch: next }),
      scheme: undefined,
      credentials: partsOf("Client"),
    }),
  },
  {
    name: "core, the request's",
    wrapsOnly: true,
    slot: "authorization",
    make: () => ({
      wrap: (next) => {
        const authFetch = createAuthFetch({ fetch: next });
        return (input, init) => authFetch(input, { ...(init as object), auth: pairOf("Request") });
      },
      scheme: undefined,
      credentials: partsOf("Request"),
    }),
  },
  {
    name: "core, the URL's",
    wrapsOnly: true,
    slot: "authorization",
    inUrl: true,
    make: () => ({
      wrap: (next) => createAuthFetch({ fetch: next }),
      scheme: undefined,
      credentials: partsOf("Url"),
      url: (text) => text.replace("//", `//${pairOf("Url").map(encodeURIComponent).join(":")}@`),
    }),
  },
  {
    name: "the caller's headers",
    wrapsOnly: true,
    slot: "authorization",
    make: () => ({
      // A scheme takes part, else it is the platform's affair: one that has nothing to add.
      wrap: (next) => defineScheme((request) => request)(next),
      scheme: undefined,
      credentials: ["Authorization", "Proxy", "Cookie"].map((name) => ({ marker: `callers${name}1` })),
      headers: {
        authorization: "Own callersAuthorization1",
        "proxy-authorization": "Own callersProxy1",
        cookie: "own=callersCookie1",
      },
    }),
  },
];
