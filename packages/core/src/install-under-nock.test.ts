// nock is active once it is imported, so here it is imported when something is installed already.
import { startServer } from "@authflow/testing/server";
import { expect, test } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { install } from "./index.ts";

test("nock answers before install, which authenticates what nock lets through, until it is uninstalled", async () => {
  await using server = await startServer(() => ({ body: "served" }));
  const sent = (): (string | null)[] => server.requests.map(({ headers }) => headers.get("authorization"));
  const installation = install({ auth: ["at", "api"], origins: [server.origin, "https://api.example.com"] });
  const { default: nock } = await import("nock");
  const nocks = globalThis.fetch;

  nock("https://api.example.com").get("/").reply(200, "nocked");
  expect(await (await fetch("https://api.example.com/")).text()).toBe("nocked");

  expect(await (await fetch(server.url("/"))).text()).toBe("served");
  expect(sent()).toEqual([basicHeader("at", "api")]);

  installation.uninstall();
  expect(globalThis.fetch).toBe(nocks);
  await fetch(server.url("/"));
  nock.restore(); // which puts back what it found
  await fetch(server.url("/"));
  expect(sent()).toEqual([basicHeader("at", "api"), null, null]);
});
