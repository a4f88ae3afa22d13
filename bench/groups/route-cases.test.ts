import { describe, expect, it } from "vitest";
import { MockNext } from "./mock-next.ts";
import { ROUTE_CASES, ROUTED_URLS, type RouteCase, withoutRoutes } from "./route-cases.ts";

/** What each URL is sent with, through a fetch that is timed. */
async function sentThrough(make: RouteCase["make"]): Promise<(string | null)[]> {
  const { fetch } = new MockNext();
  const sent: (string | null)[] = [];
  const timed = make((input, init) => {
    sent.push(new Headers(init?.headers).get("authorization"));
    return fetch(input, init);
  });
  for (const url of ROUTED_URLS) await timed(url);
  return sent;
}

describe.each(ROUTE_CASES)("what is timed as $name", ({ make, without = withoutRoutes }) => {
  it("sends the credentials of its last route to each URL, as what it is compared with does", async () => {
    const credentials = ROUTED_URLS.map(() => `Basic ${btoa("finley:secret")}`);
    expect(await sentThrough(make)).toEqual(credentials);
    expect(await sentThrough(without)).toEqual(credentials);
  });
});
