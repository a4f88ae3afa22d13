import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { basic } from "./index.ts";

// nock reads credentials by itself, so it is another opinion on what they are.
describe("basic with nock", () => {
  const user = "finley";
  const pass = "s3cret: ümläut";
  const credentials = { username: user, password: pass };

  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  it("logs in with the first request", async () => {
    nock("https://api.example.com").get("/me").basicAuth({ user, pass }).reply(200, "welcome");
    const response = await basic(credentials)(fetch)("https://api.example.com/me");
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
  });

  it("logs in once it is asked, and at once the next time", async () => {
    nock("https://api.example.com", { badheaders: ["authorization"] })
      .get("/docs/index.html")
      .reply(401, "who are you?", { "www-authenticate": 'Basic realm="docs", charset="UTF-8"' });
    nock("https://api.example.com").get("/docs/index.html").basicAuth({ user, pass }).reply(200, "welcome");
    nock("https://api.example.com").get("/docs/more").basicAuth({ user, pass }).reply(200, "more");

    const authFetch = basic({ ...credentials, preemptive: false })(fetch);
    const welcome = await authFetch("https://api.example.com/docs/index.html");
    const more = await authFetch("https://api.example.com/docs/more");
    expect([await welcome.text(), await more.text()]).toEqual(["welcome", "more"]);
  });

  it("sends no credentials to another origin after a redirect", async () => {
    nock("https://api.example.com")
      .get("/file")
      .basicAuth({ user, pass })
      .reply(302, "", { location: "https://cdn.example.net/file" });
    nock("https://cdn.example.net", { badheaders: ["authorization"] })
      .get("/file")
      .reply(200, "the file");
    const response = await basic(credentials)(fetch)("https://api.example.com/file");
    expect(await response.text()).toBe("the file");
  });
});
