// nock is active once it is imported, so here it was there first.
import nock from "nock";
import { expect, test } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { install } from "./index.ts";

const API = "https://api.example.com";

/** Answers the next request to the API, and tells what Authorization it had. */
const reply = (): Promise<string | null> =>
  new Promise((resolve) => {
    nock(API)
      .get("/")
      .reply((request: Request) => {
        resolve(request.headers.get("authorization"));
        return [200, "ok"];
      });
  });

test("install authenticates what nock answers, and gives nock's fetch back", async () => {
  const nocks = globalThis.fetch;
  const installation = install({ auth: ["at", "api"], origins: [API] });
  const first = reply();
  expect((await fetch(API)).status).toBe(200);
  expect(await first).toBe(basicHeader("at", "api"));

  installation.uninstall();
  expect(globalThis.fetch).toBe(nocks);
  const second = reply();
  await fetch(API);
  expect(await second).toBe(null);
});
