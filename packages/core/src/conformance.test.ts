// conformance/httpx-behaviours.json, area "httpx_auth", what is about stacked credentials: each case by its id, against a
// server that verifies digests strictly. @authflow/api-key has the same cases for keys in every place.
import { readFileSync } from "node:fs";
import { digest } from "@authflow/digest";
import { defineScheme, type Fetch, type FetchMiddleware, historyOf } from "@authflow/flow";
import { digestServer } from "@authflow/testing/server";
import { describe, expect, test } from "vitest";
import { compose, createAuthFetch } from "./index.ts";

interface Case {
  readonly id: string;
  readonly area: string;
}

// Our own file, whose format conformance/README.md describes.
const { cases } = JSON.parse(
  readFileSync(new URL("../../../conformance/httpx-behaviours.json", import.meta.url), "utf8"),
) as { cases: readonly Case[] };

const user = { username: "finley", password: "secret" };

const headerKey = defineScheme({
  name: "header key",
  sendsOnce: true,
  *authFlow(request) {
    request.headers.set("x-api-key", "k1");
    yield request;
  },
});

const queryKey = defineScheme((request) => {
  const url = new URL(request.url);
  url.searchParams.set("key", "k2");
  return new Request(url, request);
});

/** A digest, a key in a header and one in the query, in each order in which the digest covers the query, and in a client. */
const stacks: Readonly<Record<string, () => FetchMiddleware>> = {
  "the digest innermost": () => compose(headerKey, queryKey, digest(user)),
  "the digest in the middle": () => compose(queryKey, digest(user), headerKey),
  "a stack in a stack": () => compose(compose(queryKey, compose(digest(user))), headerKey),
  "the digest as `auth` of a client inside": () => (fetch: Fetch) =>
    compose(queryKey, headerKey)(createAuthFetch({ auth: digest(user), fetch })),
};

describe.each(Object.entries(stacks))("with %s", (_, stack) => {
  const tests: Readonly<Record<string, readonly [title: string, run: () => Promise<void>]>> = {
    // Once the digest's nonce is known, each of them is in the one request.
    "ha-multi": [
      "all credentials are in one request",
      async () => {
        await using server = await digestServer();
        const authFetch = stack()(fetch) as Fetch;
        await (await authFetch(server.url("/first"))).text();
        const response = await authFetch(server.url("/second"));
        expect(response.status).toBe(200);
        expect(historyOf(response)).toEqual([]);
        const last = server.requests.at(-1);
        expect(last?.target).toBe("/second?key=k2");
        expect(last?.headers.get("x-api-key")).toBe("k1");
        expect(last?.headers.get("authorization")).toMatch(/^Digest .*uri="\/second\?key=k2".*nc=00000002/);
      },
    ],
    // HTTPX gives the 401 back, since it runs the first step of each flow alone.
    "ha-multi-second-step": [
      "a challenge is answered: each flow runs to its end, and the body goes out again",
      async () => {
        await using server = await digestServer();
        const authFetch = stack()(fetch) as Fetch;
        const response = await authFetch(server.url("/"), { method: "POST", body: "text" });
        expect(response.status).toBe(200);
        expect(server.verdicts.map(({ reason }) => reason)).toEqual(["no credentials", "accepted"]);
        const sent = server.requests.map(({ target, headers, text }) => [target, headers.get("x-api-key"), text]);
        expect(sent).toEqual(Array.from({ length: 2 }, () => ["/?key=k2", "k1", "text"]));
      },
    ],
  };

  test("the cases are those of the file", () => {
    const ids = cases.filter(({ area }) => area === "httpx_auth").map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(tests)));
  });

  for (const [id, [title, run]] of Object.entries(tests)) test(`${id}: ${title}`, run);
});

test("a key that is put into the query inside of a digest is not in what that has signed, which a server refuses", async () => {
  await using server = await digestServer();
  const response = await compose(digest(user), queryKey)(fetch)(server.url("/"));
  expect(response.status).toBe(400);
  expect(server.verdicts.at(-1)?.reason).toBe("uri is /, and the request is for /?key=k2");
});
