import { runFlowSync } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { digestServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { deferred } from "./fixtures/deferred.ts";
import { independentDigest } from "./fixtures/independent.ts";
import { answerIn, asks, authorizationsOf, paramsIn } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USER = { username: "finley", password: "secret" };
const BYTES = Uint8Array.from({ length: 3000 }, (_, index) => (index * 7) % 256);

/** The response that is due for a body. */
function dueFor(request: { readonly headers: Headers; readonly method: string } | undefined, body: Uint8Array): string {
  const { realm = "", nonce = "", uri = "", qop, nc = "", cnonce = "", algorithm = "MD5" } = answerIn(request) ?? {};
  const given = { ...USER, algorithm, realm, nonce, nc, cnonce, qop, uri, method: request?.method ?? "" };
  return independentDigest({ ...given, body, responseBody: new Uint8Array() }).response;
}

const stream = (): RequestInit =>
  ({ body: new Blob([BYTES.subarray(0, 1000), BYTES.subarray(1000)]).stream(), duplex: "half" }) as RequestInit;

describe("auth-int: the digest is over the body (RFC 7616 §3.4.3)", () => {
  const form = new FormData();
  form.append("text", "ümläut");
  form.append("file", new File([BYTES], "file.bin"));

  it.each<[string, () => RequestInit]>([
    ["nothing", () => ({})],
    ["text", () => ({ body: "ümläut" })],
    ["bytes", () => ({ body: BYTES })],
    ["a Blob", () => ({ body: new Blob([BYTES]) })],
    ["a form", () => ({ body: new URLSearchParams({ a: "ü" }) })],
    ["a form with a file", () => ({ body: form })],
    ["a stream", stream],
  ])("of %s, byte for byte as it goes out, cold and warm", async (_, init) => {
    await using server = await digestServer({ qop: "auth-int" });
    const authFetch = digest(USER)(fetch);
    for (let call = 0; call < 2; call++) {
      const response = await authFetch(server.url(), { method: "POST", ...init() });
      expect(response.status).toBe(200);
    }
    expect(server.verdicts.map(({ reason }) => reason)).toEqual(["no credentials", "accepted", "accepted"]);
    const lengths = server.requests.map(({ length }) => length);
    expect(new Set(lengths).size).toBe(1);
  });

  it("of a Request with a body", async () => {
    await using server = await digestServer({ qop: "auth-int" });
    const response = await digest(USER)(fetch)(new Request(server.url(), { method: "PUT", body: BYTES }));
    expect(response.status).toBe(200);
    expect(server.requests.map(({ length }) => length)).toEqual([3000, 3000]);
  });

  it("of none with GET and HEAD", async () => {
    await using server = await digestServer({ qop: "auth-int" });
    const authFetch = digest(USER)(fetch);
    for (const method of ["GET", "HEAD", "DELETE"])
      expect((await authFetch(server.url(), { method })).status).toBe(200);
    expect(server.requests).toHaveLength(4);
  });

  it("is answered over a transport that blocks", () => {
    const scheme = digest(USER);
    const sent: { readonly method: string; readonly headers: Headers }[] = [];
    const send = ({ method, headers }: Request): Response => {
      sent.push({ method, headers: new Headers(headers) });
      return headers.has("authorization") ? new Response() : asks("n", "qop=auth-int");
    };
    const request = new Request("https://example.com/", { method: "POST" });
    for (let call = 0; call < 2; call++) runFlowSync(scheme, request, send, { content: BYTES });
    expect(paramsIn(sent, "nc")).toEqual([undefined, "00000001", "00000002"]);
    expect(paramsIn(sent, "response").slice(1)).toEqual(sent.slice(1).map((one) => dueFor(one, BYTES)));
  });

  it("reads no body into memory where a challenge doesn't demand it", async () => {
    const pulled = { chunks: 0 };
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulled.chunks > 3) controller.close();
        else controller.enqueue(BYTES);
      },
    });
    // Larger than what may be read for a flow: only auth-int would notice.
    const options = { contentLimit: 10 };
    const fetch = scriptedFetch([{ reply: asks("n", 'qop="auth,auth-int"') }, { reply: {}, times: 2 }]);
    const authFetch = digest(USER)(fetch, options);
    const init = { method: "POST", body: source, duplex: "half" } as RequestInit;
    expect((await authFetch("https://example.com/", init)).status).toBe(200);
    expect((await authFetch("https://example.com/", { method: "POST", body: BYTES })).status).toBe(200);
    fetch.done();
  });

  it("fails with a typed error for a body over contentLimit", async () => {
    const fetch = scriptedFetch([{ reply: asks("n", "qop=auth-int") }]);
    const call = digest(USER)(fetch, { contentLimit: 10 })("https://example.com/", { method: "POST", body: BYTES });
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_CONTENT_TOO_LARGE" });
  });

  it("asks again in a cold burst where there is a body: it wasn't known to be needed when the call began", async () => {
    const scheme = digest(USER);
    const asked = deferred<Response>();
    const fetch = scriptedFetch([
      { expect: { authorization: null }, reply: async () => asked.promise },
      { reply: ({ headers }) => (headers.has("authorization") ? {} : asks("n", "qop=auth-int")), times: Infinity },
    ]);
    const post = scheme(fetch);
    const calls = Array.from({ length: 3 }, () => post("https://example.com/", { method: "POST", body: BYTES }));
    asked.resolve(asks("n", "qop=auth-int"));
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const sent of fetch.calls) {
      if (answerIn(sent)) expect(answerIn(sent)?.["response"]).toBe(dueFor(sent, BYTES));
    }
  });

  it("shares the handshake of a cold burst of requests without a body", async () => {
    await using server = await digestServer({ qop: "auth-int", counts: "unseen" });
    const authFetch = digest(USER)(fetch);
    await Promise.all(Array.from({ length: 20 }, () => authFetch(server.url())));
    expect(server.requests).toHaveLength(21);
  });

  it("follows a server that changes from auth to auth-int and back", async () => {
    const scheme = digest(USER);
    const request = (): Request => new Request("https://example.com/", { method: "POST", body: "a" });
    const body = new TextEncoder().encode("a");
    await walk(scheme, request(), asks("n1", "qop=auth"), new Response());
    const { requests } = await walk(scheme, request(), asks("n2", "qop=auth-int, stale=true"), new Response());
    expect(answerIn(requests[1])).toMatchObject({ qop: "auth-int", response: dueFor(requests[1], body) });
    const back = await walk(scheme, request(), asks("n3", "qop=auth, stale=true"), new Response());
    expect(answerIn(back.requests[0])).toMatchObject({ qop: "auth-int", response: dueFor(back.requests[0], body) });
    expect(answerIn(back.requests[1])).toMatchObject({ qop: "auth", response: dueFor(back.requests[1], body) });
    expect(authorizationsOf(back.requests)).toHaveLength(2);
  });
});
