import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bearer } from "./index.ts";

describe("bearer with nock", () => {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  const api = (token: string): nock.Scope =>
    nock("https://api.example.com", { reqheaders: { authorization: `Bearer ${token}`, "x-trace": "1" } });

  it("sends the token", async () => {
    api("t1").get("/me").reply(200, "welcome");
    const response = await bearer("t1")(fetch)("https://api.example.com/me", { headers: { "x-trace": "1" } });
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
  });

  it("asks for a new one that nock gives, too, and sends everything again", async () => {
    nock("https://id.example.com").post("/token", { refresh_token: "r1" }).reply(200, { access_token: "t2" });
    api("t1").post("/me", "text").reply(401, "", { "www-authenticate": 'Bearer error="invalid_token"' });
    api("t2").post("/me", "text").reply(200, "welcome");

    const authFetch = bearer(async (_, refused) => {
      if (!refused) return "t1";
      const body = new URLSearchParams({ refresh_token: "r1" });
      const response = await fetch("https://id.example.com/token", { method: "POST", body });
      return ((await response.json()) as { access_token: string }).access_token;
    })(fetch);
    const init = { method: "POST", body: "text", headers: { "x-trace": "1" } };
    const response = await authFetch("https://api.example.com/me", init);
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
  });
});
