import { describe, expect, it } from "vitest";
import { basicServer } from "./fixtures/basic-server.ts";
import { basic } from "./index.ts";

const UTF8 = Buffer.from("us%er:pä:ss 🚀");
const CREDENTIALS = { username: "us%er", password: "pä:ss 🚀" };
const AUTHORIZATION = `Basic ${UTF8.toString("base64")}`;

describe("basic against a server on this machine", () => {
  it("logs in with one request", async () => {
    await using server = await basicServer(UTF8);
    const response = await basic({ ...CREDENTIALS, requireHttps: true })(fetch)(`${server.origin}/`);
    expect(await response.text()).toBe("welcome");
    expect(server.received).toEqual([{ authorization: AUTHORIZATION, body: "" }]);
  });

  it("logs in once it is asked, sends the body again, and asks no more within the path", async () => {
    await using server = await basicServer(UTF8);
    const authFetch = basic({ ...CREDENTIALS, preemptive: false })(fetch);
    const body = new Blob(["a stream of ", "text"]).stream();
    const first = await authFetch(`${server.origin}/docs/a`, { method: "POST", body, duplex: "half" } as RequestInit);
    const second = await authFetch(`${server.origin}/docs/b/c`);
    expect([await first.text(), await second.text()]).toEqual(["welcome", "welcome"]);
    expect(server.received).toEqual([
      { authorization: undefined, body: "a stream of text" },
      { authorization: AUTHORIZATION, body: "a stream of text" },
      { authorization: AUTHORIZATION, body: "" },
    ]);
  });

  it.each([
    [true, 1],
    [false, 2],
  ])(
    "gives the 401 for a wrong password back, readable (preemptive: %s, requests: %i)",
    async (preemptive, requests) => {
      await using server = await basicServer(UTF8);
      const response = await basic({ ...CREDENTIALS, password: "wrong", preemptive })(fetch)(`${server.origin}/`);
      expect([response.status, await response.text()]).toEqual([401, "who are you?"]);
      expect(server.received).toHaveLength(requests);
    },
  );

  it("logs in at a server that compares Latin-1, by the option and by octets", async () => {
    const latin1 = Buffer.from("test:123£", "latin1");
    await using server = await basicServer(latin1);
    const byOption = basic({ username: "test", password: "123£", encoding: "latin1" });
    const byOctets = basic({ username: "test", password: latin1.subarray(5) });
    expect((await byOption(fetch)(server.origin)).status).toBe(200);
    expect((await byOctets(fetch)(server.origin)).status).toBe(200);
    expect((await basic({ username: "test", password: "123£" })(fetch)(server.origin)).status).toBe(401);
  });
});
