// Every scheme, as one subject or several.
import { apiKey } from "@authflow/api-key";
import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { digest } from "@authflow/digest";
import { netrc } from "@authflow/netrc";
import { clientCredentials } from "@authflow/oauth2";
import { account, byHost, elsewhere, entry, hostOf, key, keyIn, partsOf } from "./accounts.ts";
import { ofScheme, type Subject } from "./subject.ts";

/** What the token endpoint gives. */
export const ISSUED_TOKEN = "t0kenIssued";

export const SCHEMES: readonly Subject[] = [
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
];
