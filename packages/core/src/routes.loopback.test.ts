// What goes over the wire, between servers on this machine.
import { type Fetch, defineScheme } from "@authflow/flow";
import { type Origins, startOrigins } from "@authflow/testing/server";
import { describe, expect, test } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { compose, createAuthFetch, routes } from "./index.ts";

const SECRETS = [basicHeader("at", "a"), basicHeader("at", "b"), basicHeader("by", "client"), "key-of-a"] as const;

/** How many bytes of each secret came to a server, in the target or a header of any of its requests. */
function bytesAt({ requests }: Origins<string>, origin: string): number[] {
  const text = requests
    .filter(({ url }) => new URL(url).origin === origin)
    .map(({ target, rawHeaders }) => JSON.stringify([target, rawHeaders]))
    .join("\n");
  return SECRETS.map((secret) => (text.split(secret).length - 1) * secret.length);
}

const [A, B, CLIENT, KEY] = SECRETS.map(({ length }) => length) as [number, number, number, number];

const withKey =
  (next: Fetch): Fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("x-api-key", "key-of-a");
    return next(input, { ...init, headers });
  };

describe.each([301, 302, 303, 307, 308])("redirects with %i", (status) => {
  test("bring each server the credentials of its own route, and not a byte of another's", async () => {
    await using origins = await startOrigins({ a: {}, b: { hostname: "localhost" }, c: {} });
    const { a, b, c } = origins.servers;
    const list = [
      { match: a.origin, auth: ["at", "a"], use: withKey },
      { match: b.origin, auth: ["at", "b"] },
    ] as const;
    const way = a.redirect(b.redirect(c.redirect(a.url("/end"), { status }), { status }), { status });

    const response = await routes(list)(globalThis.fetch)(way, { method: "POST", body: "content" });
    expect(response.url).toBe(a.url("/end"));
    expect(bytesAt(origins, a.origin)).toEqual([2 * A, 0, 0, 2 * KEY]);
    expect(bytesAt(origins, b.origin)).toEqual([0, B, 0, 0]);
    expect(bytesAt(origins, c.origin)).toEqual([0, 0, 0, 0]);
  });

  test("leave the client's credentials where the call began", async () => {
    await using origins = await startOrigins({ a: {}, b: { hostname: "localhost" }, c: {} });
    const { a, b, c } = origins.servers;
    const authFetch = createAuthFetch({ auth: ["by", "client"], routes: [{ match: b.origin, auth: ["at", "b"] }] });

    await authFetch(a.redirect(b.redirect(c.url("/end"), { status }), { status }));
    expect(bytesAt(origins, a.origin)).toEqual([0, 0, CLIENT, 0]);
    expect(bytesAt(origins, b.origin)).toEqual([0, B, 0, 0]);
    expect(bytesAt(origins, c.origin)).toEqual([0, 0, 0, 0]);
  });

  test("leave what schemes in `use` have put on, with auth: null and without", async () => {
    await using origins = await startOrigins({ a: {}, b: { hostname: "localhost" } });
    const { a, b } = origins.servers;
    const query = defineScheme((request) => {
      const url = new URL(request.url);
      url.searchParams.set("key", "key-of-a");
      return new Request(url, request);
    });
    const authFetch = createAuthFetch({ routes: [{ match: a.origin, use: compose(withKey, query) }] });
    for (const auth of [undefined, null]) await authFetch(a.redirect(b.url("/end"), { status }), { auth });
    expect(bytesAt(origins, a.origin)).toEqual([0, 0, 0, 3 * KEY]); // header and query; then the header alone
    expect(bytesAt(origins, b.origin)).toEqual([0, 0, 0, 0]);
  });
});
