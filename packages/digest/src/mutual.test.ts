import { AuthVerificationError, exchangesOf } from "@authflow/flow";
import { type FlowReply, type FlowStep, scriptedFetch, walk } from "@authflow/testing";
import { digestServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { deferred } from "./fixtures/deferred.ts";
import { independentDigest } from "./fixtures/independent.ts";
import { answerIn, asks, paramsIn } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USER = { username: "user", password: "password123" };
const request = (): Request => new Request("https://example.com/a?token=t0p");

/** The proof that is due for a request, with a body of the response. */
function proofOf(step: FlowStep, password = USER.password, responseBody = "", as?: string): string {
  const { realm = "", nonce = "", uri = "", qop, nc = "", cnonce = "", algorithm = "MD5" } = answerIn(step) ?? {};
  const given = { algorithm, username: "user", password, realm, nonce, nc, cnonce, qop: as ?? qop, method: "", uri };
  return independentDigest({ ...given, body: new Uint8Array(), responseBody: new TextEncoder().encode(responseBody) })
    .rspauth;
}

/** A response with what the server says of itself. */
const says =
  (info: (step: FlowStep) => string, body: string | null = null, status = 200): FlowReply =>
  (step) =>
    new Response(body, { status, headers: { "authentication-info": info(step) } });

describe("the proof of the server (RFC 7616 §3.5, rspauth)", () => {
  it.each([
    ["with its qop", (step: FlowStep) => `rspauth="${proofOf(step)}", qop=auth`],
    ["without its qop", (step: FlowStep) => `rspauth="${proofOf(step)}"`],
    ["in capitals, unquoted", (step: FlowStep) => `QOP="AUTH",RSPAUTH=${proofOf(step).toUpperCase()}`],
  ])("is accepted %s", async (_, info) => {
    for (const requireRspauth of [true, false]) {
      const { response } = await walk(digest({ ...USER, requireRspauth }), request(), asks(), says(info, "welcome"));
      expect(await response.text()).toBe("welcome");
    }
  });

  it.each([
    ["of another password", (step: FlowStep) => `rspauth="${proofOf(step, "guess")}", qop=auth`],
    ["that is the client's own response, reflected", (step: FlowStep) => `rspauth="${answerIn(step)?.["response"]}"`],
    ["that is too short", (step: FlowStep) => `rspauth="${proofOf(step).slice(0, 31)}"`],
    ["that is too long", (step: FlowStep) => `rspauth="${proofOf(step)}0"`],
    ["that is empty", () => 'rspauth=""'],
  ])("is an error if it is one %s", async (_, info) => {
    const call = walk(digest(USER), request(), asks(), says(info, "welcome"));
    await expect(call).rejects.toBeInstanceOf(AuthVerificationError);
    await expect(call).rejects.toMatchObject({
      name: "AuthVerificationError",
      code: "ERR_AUTHFLOW_AUTH_VERIFICATION",
      url: "https://example.com/a",
      response: { status: 200 },
      message: expect.stringContaining("a wrong rspauth") as string,
    });
  });

  it("is checked for whatever the status, also that of a redirect, which is not followed then", async () => {
    const wrong = `rspauth="${"0".repeat(32)}"`;
    for (const status of [204, 302, 404, 500]) {
      const call = walk(
        digest(USER),
        request(),
        asks(),
        says(() => wrong, null, status),
      );
      await expect(call).rejects.toBeInstanceOf(AuthVerificationError);
    }
    const fetch = scriptedFetch([
      { reply: asks() },
      { reply: { status: 302, headers: { location: "/b", "authentication-info": wrong } } },
    ]);
    await expect(digest(USER)(fetch)("https://example.com/a")).rejects.toBeInstanceOf(AuthVerificationError);
    fetch.done();
  });

  it("is not looked for in a 401, which lets nobody in", async () => {
    const refusal = new Response(null, { status: 401, headers: { "authentication-info": 'rspauth="0"' } });
    expect((await walk(digest(USER), request(), asks(), refusal)).response).toBe(refusal);
  });

  it("is over the body with auth-int, and the body stays readable", async () => {
    const info = (step: FlowStep): string => `rspauth="${proofOf(step, USER.password, "welcome")}", qop=auth-int`;
    const { response } = await walk(digest(USER), request(), asks("n", "qop=auth-int"), says(info, "welcome"));
    expect(await response.text()).toBe("welcome");
    const changed = walk(digest(USER), request(), asks("n", "qop=auth-int"), says(info, "w3lcome"));
    await expect(changed).rejects.toBeInstanceOf(AuthVerificationError);
  });

  it("is over the body if the client's qop was auth-int and the server names none", async () => {
    const info = (step: FlowStep): string => `rspauth="${proofOf(step, USER.password, "welcome")}"`;
    const { response } = await walk(digest(USER), request(), asks("n", "qop=auth-int"), says(info, "welcome"));
    expect(await response.text()).toBe("welcome");
  });

  it("may be over the body although the client's wasn't, if the server says so", async () => {
    const info = (step: FlowStep): string =>
      `rspauth="${proofOf(step, USER.password, "welcome", "auth-int")}", qop=auth-int`;
    const both = 'qop="auth,auth-int"';
    const { response } = await walk(digest(USER), request(), asks("n", both), says(info, "welcome"));
    expect(await response.text()).toBe("welcome");
  });

  it("is that of RFC 2617 where there is no qop", async () => {
    const info = (step: FlowStep): string => `rspauth="${proofOf(step)}"`;
    const { response } = await walk(
      digest({ ...USER, requireRspauth: true }),
      request(),
      asks("n", ""),
      says(info, "welcome"),
    );
    expect(await response.text()).toBe("welcome");
  });

  it("is of the request that was answered, however many went out since", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks(), new Response());
    const first = deferred();
    const proven = says((step) => `rspauth="${proofOf(step)}"`);
    const slow = walk(scheme, request(), async (step) => {
      await first.promise;
      return typeof proven === "function" ? proven(step) : expect.fail();
    });
    await walk(scheme, request(), asks("n2", "stale=true, qop=auth"), proven);
    first.resolve();
    expect((await slow).response.status).toBe(200);
  });

  it("is not a body that the connection can't be used for: a stream is read only where the proof is over it", async () => {
    const body = new ReadableStream({ pull: () => expect.fail("nobody asked for it") }, { highWaterMark: 0 });
    const reply: FlowReply = (step) =>
      new Response(body, { headers: { "authentication-info": `rspauth="${proofOf(step)}", qop=auth` } });
    const { response } = await walk(digest(USER), request(), asks(), reply);
    expect(response.bodyUsed).toBe(false);
  });
});

describe("requireRspauth", () => {
  const scheme = () => digest({ ...USER, requireRspauth: true });

  it("refuses a response without a proof", async () => {
    const call = walk(scheme(), request(), asks(), new Response("welcome"));
    await expect(call).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_AUTH_VERIFICATION",
      message: expect.stringContaining("no rspauth") as string,
    });
  });

  it("refuses one that never asked: who doesn't ask proves nothing", async () => {
    await expect(walk(scheme(), request(), new Response("welcome"))).rejects.toBeInstanceOf(AuthVerificationError);
  });

  it("refuses one that never asked and shows a proof of something else", async () => {
    const call = walk(scheme(), request(), new Response(null, { headers: { "authentication-info": 'rspauth="0"' } }));
    await expect(call).rejects.toBeInstanceOf(AuthVerificationError);
  });

  it("gives a 401 back, which is not to be believed more than it says", async () => {
    const { response } = await walk(scheme(), request(), asks("n1"), asks("n2"));
    expect(response.status).toBe(401);
  });

  it.each([
    ["auth", "SHA-256"],
    ["auth-int", "SHA-512-256"],
    ["auth", "MD5-sess"],
    [null, "MD5"],
  ])(
    "is content with a server on this machine (qop %s, %s), and not with one that pretends",
    async (qop, algorithm) => {
      const rules = { qop, algorithms: [algorithm], accounts: { user: "password123" } };
      await using server = await digestServer(rules);
      const authFetch = scheme()(fetch);
      for (const method of ["GET", "HEAD", "POST"]) {
        expect((await authFetch(server.url(), { method })).status).toBe(200);
      }
      await using pretender = await digestServer({ ...rules, rspauth: "wrong" });
      const call = scheme()(fetch)(pretender.url());
      await expect(call).rejects.toBeInstanceOf(AuthVerificationError);
      const failure: unknown = await call.catch((error: unknown) => error);
      expect(exchangesOf(failure)).toHaveLength(2);
    },
  );
});

describe("nextnonce (RFC 7616 §3.5)", () => {
  const next = (nonce: string): Response =>
    new Response(null, { headers: { "authentication-info": `nextnonce="${nonce}"` } });

  it("is the nonce of the next request, counted from 1, in the same protection space", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1", 'qop=auth, domain="/a", opaque="o", algorithm=SHA-256'), next("n2"));
    const { requests } = await walk(scheme, request(), new Response());
    expect(answerIn(requests[0])).toMatchObject({ nonce: "n2", nc: "00000001", opaque: "o", algorithm: "SHA-256" });
    const outside = await walk(scheme, new Request("https://example.com/b"), new Response());
    expect(answerIn(outside.requests[0])).toBeUndefined();
  });

  it("has a client nonce and a key of its own with -sess: both stand in the answer", async () => {
    const scheme = digest(USER);
    const first = await walk(scheme, request(), asks("n1", "qop=auth, algorithm=MD5-sess"), next("n2"));
    const second = await walk(scheme, request(), new Response());
    const [, before] = paramsIn(first.requests, "cnonce");
    const [after = ""] = paramsIn(second.requests, "cnonce");
    expect(after).not.toBe(before);
    const nothing = new Uint8Array();
    const given = {
      ...USER,
      algorithm: "MD5-sess",
      realm: "r",
      nonce: "n2",
      nc: "00000001",
      cnonce: after,
      qop: "auth",
    };
    const message = { method: "GET", uri: "/a?token=t0p", body: nothing, responseBody: nothing };
    expect(answerIn(second.requests[0])?.["response"]).toBe(independentDigest({ ...given, ...message }).response);
  });

  it("changes nothing if it names the nonce in use", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), next("n1"));
    const { requests } = await walk(scheme, request(), next("n1"));
    expect(answerIn(requests[0])).toMatchObject({ nonce: "n1", nc: "00000002" });
  });

  it("changes nothing if it comes late, when another nonce is in use", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const held = deferred<Response>();
    const late = walk(scheme, request(), () => held.promise);
    await walk(scheme, request(), asks("n2", "stale=true, qop=auth"), new Response());
    held.resolve(next("n1b"));
    await late;
    const { requests } = await walk(scheme, request(), new Response());
    expect(answerIn(requests[0])).toMatchObject({ nonce: "n2", nc: "00000002" });
  });

  it.each(['nextnonce=""', "nextnonce", 'nextnonce="x'])("changes nothing if it is malformed: %s", async (info) => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response(null, { headers: { "authentication-info": info } }));
    const { requests } = await walk(scheme, request(), new Response());
    expect(answerIn(requests[0])).toMatchObject({ nonce: "n1", nc: "00000002" });
  });

  it("is not believed with a proof that is wrong", async () => {
    const scheme = digest(USER);
    const forged = new Response(null, { headers: { "authentication-info": 'rspauth="0", nextnonce="n2"' } });
    await expect(walk(scheme, request(), asks("n1"), forged)).rejects.toBeInstanceOf(AuthVerificationError);
    const { requests } = await walk(scheme, request(), new Response());
    expect(answerIn(requests[0])).toMatchObject({ nonce: "n1" });
  });
});
