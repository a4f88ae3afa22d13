import { defineScheme, runFlowSync } from "@authflow/flow";
import { describe, expect, it } from "vitest";
import { answering, challenge } from "./fixtures/answering.ts";
import { basic } from "./index.ts";

/** RFC 7617 §2's own example. */
const ALADDIN = { username: "Aladdin", password: "open sesame" };
const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
const REALM = 'Basic realm="WallyWorld"';

describe("basic", () => {
  it("sends the credentials with the first request (§2.2: without receipt of another challenge)", async () => {
    const server = answering(200);
    const response = await basic(ALADDIN)(server.fetch)("https://example.com/");
    expect(response.status).toBe(200);
    expect(server.authorizations).toEqual([CREDENTIALS]);
  });

  it.each([
    ["401 that asks for Basic", challenge(REALM)],
    ["401 that asks for nothing", new Response(null, { status: 401 })],
    ["403", new Response(null, { status: 403, headers: { "www-authenticate": REALM } })],
    ["407", new Response(null, { status: 407, headers: { "proxy-authenticate": REALM } })],
  ])("gives a %s back after one request, untouched", async (_, answer) => {
    const server = answering(answer);
    expect(await basic(ALADDIN)(server.fetch)("https://example.com/")).toBe(answer);
    expect(answer.bodyUsed).toBe(false);
    expect(server.sent).toHaveLength(1);
  });

  it("replaces an Authorization that the request carries, and changes nothing of the caller's", async () => {
    const server = answering(200);
    const init = { headers: { authorization: "Bearer of the SDK", "x-trace": "1" } };
    await basic(ALADDIN)(server.fetch)("https://example.com/", init);
    expect(server.authorizations).toEqual([CREDENTIALS]);
    expect(server.sent[0]?.headers.get("x-trace")).toBe("1");
    expect(init).toEqual({ headers: { authorization: "Bearer of the SDK", "x-trace": "1" } });
  });

  it("leaves an Authorization alone that a scheme further outside has set", async () => {
    const token = defineScheme(function token(request) {
      request.headers.set("authorization", "Token 123");
      return request;
    });
    const server = answering(challenge(REALM));
    await token(basic(ALADDIN)(server.fetch))("https://example.com/");
    expect(server.authorizations).toEqual(["Token 123"]);
  });

  it("sends the credentials after a redirect within the origin, and none elsewhere", async () => {
    const to = (location: string): Response => new Response(null, { status: 302, headers: { location } });
    const server = answering(to("/next"), to("https://elsewhere.example/"), challenge(REALM));
    const response = await basic(ALADDIN)(server.fetch)("https://example.com/");
    expect(response.status).toBe(401);
    expect(server.authorizations).toEqual([CREDENTIALS, CREDENTIALS, null]);
  });

  it("sends none outside of its `origins`, and answers nothing there", async () => {
    const server = answering(challenge(REALM), 200);
    const authFetch = basic({ ...ALADDIN, origins: ["https://api.example.com"] })(server.fetch);
    await authFetch("https://example.com/");
    await authFetch("https://api.example.com/");
    expect(server.authorizations).toEqual([null, CREDENTIALS]);
  });

  it("refuses an origin that is none when it is made", () => {
    expect(() => basic({ ...ALADDIN, origins: ["api.example.com"] })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });

  it("sends the body once, so nothing of a stream is kept", async () => {
    expect(basic(ALADDIN).sendsOnce).toBe(true);
    const server = answering(challenge(REALM));
    const body = new Blob(["a stream"]).stream();
    // With a limit of 0 bytes, a runner that records would have nothing left for a second send.
    const authFetch = basic(ALADDIN)(server.fetch, { replayLimit: 0 });
    await authFetch("https://example.com/", { method: "POST", body, duplex: "half" } as RequestInit);
    expect(server.bodies).toEqual(["a stream"]);
  });

  it("runs over a transport that blocks", () => {
    const response = runFlowSync(
      basic(ALADDIN),
      new Request("https://example.com/"),
      (request) => new Response(null, { headers: { "x-got": request.headers.get("authorization") ?? "" } }),
    );
    expect(response.headers.get("x-got")).toBe(CREDENTIALS);
  });

  it("has a flow that others can run as a part of theirs", async () => {
    const inner = basic(ALADDIN);
    const outer = defineScheme({
      name: "outer",
      *authFlow(request, context) {
        yield* inner.authFlow(request, context);
      },
    });
    const server = answering(200);
    await outer(server.fetch)("https://example.com/");
    expect(server.authorizations).toEqual([CREDENTIALS]);
  });
});
