// Every way in which core takes credentials.
import { basic } from "@authflow/basic";
import { anyOf, createAuthFetch, routes } from "@authflow/core";
import { digest } from "@authflow/digest";
import { type AuthFunction, defineScheme } from "@authflow/flow";
import { account, elsewhere, pairOf, partsOf } from "./accounts.ts";
import { type Fetcher, LAYERS } from "./layers.ts";
import type { Place } from "./places.ts";
import { ofScheme, type Subject } from "./subject.ts";

const signed: AuthFunction = (request) => {
  request.headers.set("x-signature", "s1gnatureOfCall");
  return request;
};

export const CORE: readonly Subject[] = [
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
