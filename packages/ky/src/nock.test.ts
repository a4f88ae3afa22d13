// Users mock HTTP with nock, which replaces the global fetch when it is imported: here after this package, as in a test
// of an application that imports its client first.
import { exchangesOf } from "@authflow/flow";
import { afterAll, afterEach, expect, test } from "vitest";
import { onChallenge, TOKEN } from "./fixtures/schemes.ts";
import { ways } from "./fixtures/ways.ts";

const apis = ways.map(({ ky, door, name }) => ({ name, api: ky.extend(door(onChallenge())) }));
const { default: nock } = await import("nock");
nock.disableNetConnect();

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

test.each(apis)("$name: authenticates by the global fetch that is there when it sends", async ({ api }) => {
  nock("https://example.org").get("/users").reply(401);
  nock("https://example.org", { reqheaders: { authorization: TOKEN } })
    .get("/users")
    .reply(200, { mocked: true });
  const response = await api.get("https://example.org/users");
  expect(await response.json()).toEqual({ mocked: true });
  expect(exchangesOf(response)).toHaveLength(2);
});

test.each(apis)("$name: keeps the caller's headers on each send", async ({ api }) => {
  const seen: (string | null)[][] = [];
  const see = (request: Request): void =>
    void seen.push(["x-caller", "content-type", "authorization"].map((name) => request.headers.get(name)));
  for (const status of [401, 200]) {
    nock("https://example.org")
      .post("/users", { name: "finley" })
      .reply((request: Request) => {
        see(request);
        return [status, "ok"];
      });
  }
  const headers = { "x-caller": "c1" };
  expect(await api.post("https://example.org/users", { json: { name: "finley" }, headers }).text()).toBe("ok");
  expect(seen).toEqual([
    ["c1", "application/json", null],
    ["c1", "application/json", TOKEN],
  ]);
});
