import { setTimeout as pause } from "node:timers/promises";
import { digest } from "@authflow/digest";
import { AuthVerificationError } from "@authflow/flow";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { juergen, mufasa, quoted } from "../servers/accounts.ts";
import { apache } from "../servers/apache.ts";
import { paramOf } from "./param-of.ts";

const LOGIN = ["GET /digest/index.txt: 401", "GET /digest/index.txt with Digest: 200"];

describeOn(apache, "digest, MD5", (server) => {
  it.each([
    ["ASCII", mufasa],
    ["that isn't ASCII, in UTF-8", juergen],
    ["with quotes, backslashes and colons (RFC 9110 §5.6.4)", quoted],
  ])("logs in with a username and a password %s", async (_, account) => {
    const response = await digest(account)(fetch)(server().url("/digest/index.txt"));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("digest\n");
    expect(await server().told(2)).toEqual(LOGIN);
  });

  it("hands back the 401 after a wrong password, and tries it once", async () => {
    const response = await digest({ ...mufasa, password: "wrong" })(fetch)(server().url("/digest/index.txt"));
    expect(response.status).toBe(401);
    expect(await server().told(2)).toEqual(["GET /digest/index.txt: 401", "GET /digest/index.txt with Digest: 401"]);
  });

  it("counts on with the nonce that it has, and asks no more (§3.4, nc)", async () => {
    const authFetch = digest(mufasa)(fetch);
    for (let call = 1; call <= 3; call++) await (await authFetch(server().url("/digest/index.txt"))).text();
    const requests = await server().requests(4);
    expect(requests.map(({ status }) => status)).toEqual([401, 200, 200, 200]);
    expect(requests.map((request) => paramOf(request, "nc"))).toEqual([undefined, "00000001", "00000002", "00000003"]);
    expect(new Set(requests.slice(1).map((request) => paramOf(request, "nonce"))).size).toBe(1);
  });

  it("gets one challenge for twenty calls that begin at once, and uses no count twice", async () => {
    const authFetch = digest(mufasa)(fetch);
    const calls = Array.from({ length: 20 }, async () => (await authFetch(server().url("/digest/index.txt"))).text());
    await Promise.all(calls);
    const requests = await server().requests(21);
    expect(requests.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(new Set(requests.map((request) => paramOf(request, "nc"))).size).toBe(21); // twenty, and none
  });

  it.each([
    "/digest/index.txt?",
    "/digest/index.txt?a=b&c=d%20e+f",
    '/digest/index.txt?quote="&comma=,&backslash=\\',
    "/digest/index.txt?q=ä#fragment",
    "/digest/%69ndex.txt",
    "/digest/./index.txt",
  ])("signs the target as it goes over the wire (§3.4, uri): %s", async (path) => {
    const response = await digest(mufasa)(fetch)(server().url(path));
    expect(response.status).toBe(200);
    const [, answered] = await server().requests(2);
    expect(paramOf(answered, "uri")).toBe(answered?.target);
  });

  it.each(["GET", "HEAD", "OPTIONS", "POST"])("signs the method (§3.4.3): %s", async (method) => {
    const response = await digest(mufasa)(fetch)(server().url("/digest/index.txt"), { method });
    expect(response.status).toBe(200);
    await response.text();
    expect((await server().requests(2)).map(({ status }) => status)).toEqual([401, 200]);
  });

  it("answers a stale nonce with the same password and the new one (§3.3, stale)", async () => {
    const authFetch = digest(mufasa)(fetch);
    const first = await authFetch(server().url("/short-lived/index.txt"));
    await first.text();
    await pause(1200); // the clock is the server's, whose nonces live for a second
    const second = await authFetch(server().url("/short-lived/index.txt"));
    expect([first.status, second.status]).toEqual([200, 200]);
    const requests = await server().requests(4);
    expect(requests.map(({ status }) => status)).toEqual([401, 200, 401, 200]);
    const [, , late, renewed] = requests;
    expect(paramOf(late, "response")).toBeDefined();
    expect(paramOf(renewed, "nonce")).not.toBe(paramOf(late, "nonce"));
    expect(paramOf(renewed, "nc")).toBe("00000001");
  });

  it("goes on with the nonce that the server wants to see next (§3.5, nextnonce)", async () => {
    const authFetch = digest(mufasa)(fetch);
    const first = await authFetch(server().url("/next-nonce/index.txt"));
    await first.text();
    await (await authFetch(server().url("/next-nonce/index.txt"))).text();
    const [, next] = /nextnonce="([^"]+)"/.exec(first.headers.get("authentication-info") ?? "") ?? [];
    expect(next).toBeDefined();
    const requests = await server().requests(3);
    expect(requests.map(({ status }) => status)).toEqual([401, 200, 200]);
    expect(paramOf(requests[1], "nonce")).not.toBe(next);
    expect(paramOf(requests[2], "nonce")).toBe(next);
    expect(paramOf(requests[2], "nc")).toBe("00000001");
  });

  it("sends its answer unasked within the protection space, and nowhere else (§3.3, domain)", async () => {
    const authFetch = digest(mufasa)(fetch);
    for (const path of ["/domain/index.txt", "/digest/index.txt", "/open/index.txt"]) {
      const response = await authFetch(server().url(path));
      expect(response.status).toBe(200);
      await response.text();
    }
    expect(await server().told(4)).toEqual([
      "GET /domain/index.txt: 401",
      "GET /domain/index.txt with Digest: 200",
      "GET /digest/index.txt with Digest: 200",
      "GET /open/index.txt: 200",
    ]);
  });

  it("takes the whole origin for the protection space where no domain is given (§3.3)", async () => {
    const authFetch = digest(mufasa)(fetch);
    for (const path of ["/digest/index.txt", "/open/index.txt"]) await (await authFetch(server().url(path))).text();
    expect((await server().told(3)).at(-1)).toBe("GET /open/index.txt with Digest: 200");
  });

  it("asks another origin anew, though it has the same realm (redirects.json: digest-cross-origin-state)", async () => {
    const authFetch = digest(mufasa)(fetch);
    await (await authFetch(server().url("/digest/index.txt"))).text();
    await (await authFetch(server().otherUrl("/digest/index.txt"))).text();
    const requests = await server().requests(4);
    expect(requests.map(({ status }) => status)).toEqual([401, 200, 401, 200]);
    expect(requests[2]).toMatchObject({ authorization: undefined });
    expect(paramOf(requests[3], "nonce")).not.toBe(paramOf(requests[1], "nonce"));
  });

  it("leaves a challenge of another scheme alone", async () => {
    const response = await digest(mufasa)(fetch)(server().url("/basic/index.txt"));
    expect(response.status).toBe(401);
    expect(await server().told(1)).toEqual(["GET /basic/index.txt: 401"]);
  });

  it("demands rspauth, which Apache sends, and finds it right, warm as cold (§3.5)", async () => {
    const authFetch = digest({ ...juergen, requireRspauth: true })(fetch);
    const responses = [
      await authFetch(server().url("/digest/index.txt")),
      await authFetch(server().url("/digest/index.txt")),
    ];
    for (const { status, headers } of responses) {
      expect(status).toBe(200);
      expect(headers.get("authentication-info")).toMatch(/\brspauth="[\da-f]{32}"/);
    }
    expect(await server().told(3)).toEqual([...LOGIN, LOGIN[1]]);
  });

  it("rejects if the proof was tampered with on the way, also where none is demanded (§3.5)", async () => {
    const tampering = async (url: string, init?: RequestInit): Promise<Response> => {
      const response = await fetch(url, init);
      const info = response.headers.get("authentication-info");
      if (info === null) return response;
      const headers = new Headers(response.headers);
      headers.set(
        "authentication-info",
        info.replace(/rspauth="./, (start) => start.slice(0, -1) + (start.endsWith("0") ? "1" : "0")),
      );
      return new Response(response.body, { status: response.status, headers });
    };
    const call = digest(mufasa)(tampering)(server().url("/digest/index.txt"));
    await expect(call).rejects.toThrow(AuthVerificationError);
    expect(await server().told(2)).toEqual(LOGIN);
  });

  it("rejects if the proof was taken away and is demanded (§3.5)", async () => {
    const hiding = async (url: string, init?: RequestInit): Promise<Response> => {
      const response = await fetch(url, init);
      const headers = new Headers(response.headers);
      headers.delete("authentication-info");
      return new Response(response.body, { status: response.status, headers });
    };
    const call = digest({ ...mufasa, requireRspauth: true })(hiding)(server().url("/digest/index.txt"));
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_AUTH_VERIFICATION" });
    expect(await server().told(2)).toEqual(LOGIN);
  });
});
