import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { apiKey } from "./index.ts";

describe("api-key with nock", () => {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  const init = { method: "POST", body: "text", headers: { "x-trace": "1", cookie: "a=1" } };
  const api = (headers: Record<string, string> = {}): nock.Scope =>
    nock("https://api.example.com", { reqheaders: { "x-trace": "1", "content-type": /^text\/plain/, ...headers } });

  it("sends the key in a header", async () => {
    api({ "x-api-key": "k1" }).post("/v1", "text").reply(200, "welcome");
    const response = await apiKey({ header: "x-api-key", value: "k1" })(fetch)("https://api.example.com/v1", init);
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
  });

  it("sends the key in the query, with the caller's headers", async () => {
    api({ cookie: "a=1" }).post("/v1", "text").query({ page: "2", api_key: "k 1" }).reply(200, "welcome");
    const response = await apiKey({ query: "api_key", value: "k 1" })(fetch)("https://api.example.com/v1?page=2", init);
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
  });

  it("sends the key in a cookie", async () => {
    api({ cookie: "a=1; key=k1" }).post("/v1", "text").reply(200, "welcome");
    const response = await apiKey({ cookie: "key", value: "k1" })(fetch)("https://api.example.com/v1", init);
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
  });
});
