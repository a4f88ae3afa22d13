import { basicServer, type LoopbackServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { authorizationsOf } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

const CREDENTIALS = { username: "us%er", password: "pä:ss 🚀" };
const AUTHORIZATION = `Basic ${Buffer.from("us%er:pä:ss 🚀").toString("base64")}`;
const start = (): Promise<LoopbackServer> => basicServer({ accounts: { "us%er": "pä:ss 🚀" } });

describe("basic against a server on this machine", () => {
  it("logs in with one request", async () => {
    await using server = await start();
    const response = await basic({ ...CREDENTIALS, requireHttps: true })(fetch)(server.url());
    expect(response.status).toBe(200);
    expect(authorizationsOf(server.requests)).toEqual([AUTHORIZATION]);
  });

  it("logs in once it is asked, sends the body again, and asks no more within the path", async () => {
    await using server = await start();
    const authFetch = basic({ ...CREDENTIALS, preemptive: false })(fetch);
    const body = new Blob(["a stream of ", "text"]).stream();
    const first = await authFetch(server.url("/docs/a"), { method: "POST", body, duplex: "half" } as RequestInit);
    const second = await authFetch(server.url("/docs/b/c"));
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(authorizationsOf(server.requests)).toEqual([null, AUTHORIZATION, AUTHORIZATION]);
    expect(server.requests.map(({ text }) => text)).toEqual(["a stream of text", "a stream of text", ""]);
  });

  it.each([
    [true, [expect.any(String)]],
    [false, [null, expect.any(String)]],
  ])("gives the 401 for a wrong password back (preemptive: %s)", async (preemptive, sent) => {
    await using server = await start();
    const response = await basic({ ...CREDENTIALS, password: "wrong", preemptive })(fetch)(server.url());
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="authflow", charset="UTF-8"',
    ]);
    expect(await response.text()).toBe("");
    expect(authorizationsOf(server.requests)).toEqual(sent);
  });

  it("logs in at a server that reads Latin-1, by the option and by octets", async () => {
    await using server = await basicServer({ accounts: { test: "123£" }, encoding: "latin1" });
    const byOption = basic({ username: "test", password: "123£", encoding: "latin1" });
    const byOctets = basic({ username: "test", password: Uint8Array.of(0x31, 0x32, 0x33, 0xa3) });
    const inUtf8 = basic({ username: "test", password: "123£" });
    const responses = await Promise.all([byOption, byOctets, inUtf8].map((scheme) => scheme(fetch)(server.url())));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 401]);
  });
});
