// What a scheme declares as its credentials is known through every composition.
import { type AuthScheme, exchangesOf } from "@authflow/flow";
import { describe, expect, test } from "vitest";
import { recordingFetch } from "./fixtures/recording-fetch.ts";
import { anyOf, createAuthFetch, routes } from "./index.ts";

const KEY = "pl4ntedKey";
const URL_WITH_KEY = `https://api.example.com/x?k=${KEY}`;

const keyed: AuthScheme = {
  name: "keyed",
  secretNames: ["k"],
  *authFlow(request) {
    const url = new URL(request.url);
    url.searchParams.set("k", KEY);
    yield new Request(url, request);
  },
};
const other: AuthScheme = {
  name: "other",
  *authFlow(request) {
    yield request;
  },
};
const origins = ["https://api.example.com"];

describe("a query pair of the caller's that is the very one which a scheme sets", () => {
  const wrappings: readonly [
    title: string,
    wrap: (fetch: ReturnType<typeof recordingFetch>["fetch"]) => typeof fetch,
  ][] = [
    ["the client's auth", (fetch) => createAuthFetch({ auth: keyed, fetch })],
    ["the client's auth, bound to origins", (fetch) => createAuthFetch({ auth: keyed, origins, fetch })],
    ["the request's auth", (fetch) => (url) => createAuthFetch({ fetch })(url, { auth: keyed })],
    ["the auth of a route", routes([{ match: "https://api.example.com", auth: keyed }])],
    [
      "the client's auth beside routes",
      (fetch) => createAuthFetch({ auth: keyed, routes: [{ match: "https://b.example", auth: other }], fetch }),
    ],
    ["one of several", (fetch) => anyOf(other, keyed)(fetch)],
  ];
  test.each(wrappings)("goes nowhere else and is in no history: %s", async (_, wrap) => {
    const { fetch, calls } = recordingFetch(({ url }) =>
      url.startsWith("https://api") ? Response.redirect(`https://elsewhere.example/?k=${KEY}&page=2`) : new Response(),
    );
    const response = await wrap(fetch)(URL_WITH_KEY);
    expect(calls.map(({ url }) => url)).toEqual([URL_WITH_KEY, "https://elsewhere.example/?page=2"]);
    expect(JSON.stringify(exchangesOf(response))).not.toContain(KEY);
  });
});
