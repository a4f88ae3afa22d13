import { readFileSync } from "node:fs";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { asks, authorizationsOf, challenge, paramsIn } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USER = { username: "user", password: "password123" };
const request = (): Request => new Request("https://example.com/");

/** What other clients got wrong with Digest, by the ids of conformance/security.json. */
const lessons: Readonly<Record<string, () => Promise<void>>> = {
  // Digest state of one host was replayed to another.
  "CVE-2026-11856": async () => {
    const fetch = scriptedFetch([
      { reply: asks() },
      { reply: {} },
      { expect: { authorization: null }, reply: asks() },
      { reply: {} },
    ]);
    const authFetch = digest(USER)(fetch);
    await authFetch("https://a.test/");
    await authFetch("https://b.test/"); // which asks with the very same nonce
    fetch.done();
    expect(paramsIn(fetch.calls, "nc")).toEqual([undefined, "00000001", undefined, "00000001"]);
  },
  // So was that of one proxy to another. There is none here for any proxy.
  "CVE-2026-7168/8927": async () => {
    const both = new Response(null, {
      status: 401,
      headers: {
        "www-authenticate": 'Digest realm="r", nonce="n"',
        "proxy-authenticate": 'Digest realm="p", nonce="p"',
      },
    });
    const { requests } = await walk(digest(USER), request(), both, new Response());
    expect(requests.map((one) => one?.headers.has("proxy-authorization"))).toEqual([false, false]);
    expect(paramsIn(requests, "nonce")).toEqual([undefined, "n"]);
  },
  // Challenges of any origin were answered.
  "aiohttp digest fix (tests test_does_not_answer_cross_origin_*)": async () => {
    const fetch = scriptedFetch([
      { reply: { status: 302, headers: { location: "https://evil.test/" } } },
      { expect: { url: "https://evil.test/", authorization: null }, reply: asks() },
    ]);
    expect((await digest(USER)(fetch)("https://example.com/")).status).toBe(401);
    fetch.done();
  },
  // Whoever sits on the way asked for Basic, and got the password.
  "digest downgrade": async () => {
    const scheme = digest({ ...USER, algorithms: ["SHA-512-256", "SHA-256"] });
    await walk(scheme, request(), asks("n1", "qop=auth, algorithm=SHA-256"), new Response());
    for (const weaker of ['Basic realm="r"', 'Digest realm="r", nonce="n2", qop=auth, algorithm=MD5, stale=true']) {
      const { requests } = await walk(scheme, request(), challenge(weaker));
      expect(authorizationsOf(requests)).toEqual([expect.stringContaining("algorithm=SHA-256") as string]);
    }
  },
  "dotnet/corefx#28378": async () => {
    const { requests } = await walk(digest(USER), request(), asks(""));
    expect(authorizationsOf(requests)).toEqual([null]);
  },
  // A nonce that expired was never renewed, or for ever.
  "okhttp-digest#8": async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const renewed = await walk(scheme, request(), asks("n2"), new Response());
    expect(renewed.response.status).toBe(200);
    let nonce = 2;
    const never = scriptedFetch([{ reply: () => asks(`n${++nonce}`, "qop=auth, stale=true"), times: Infinity }]);
    expect((await scheme(never)("https://example.com/")).status).toBe(401);
    expect(never.calls.length).toBeLessThanOrEqual(4);
  },
};

describe("conformance/security.json, what is about Digest", () => {
  it("is tested whole", () => {
    const file = new URL("../../../conformance/security.json", import.meta.url);
    const { items } = JSON.parse(readFileSync(file, "utf8")) as { items: readonly { id: string }[] };
    const about = items.filter((one) => /digest/i.test(JSON.stringify(one))).map(({ id }) => id);
    expect(Object.keys(lessons).toSorted()).toEqual(about.toSorted());
  });

  it.each(Object.entries(lessons))("%s", (_, learned) => learned());
});

describe("hostile challenges", () => {
  const patience = 60_000; // a limit only for what does not end

  it.each([
    ["a long domain", `Digest realm="r", nonce="n", domain="${"/a ".repeat(21_000)}"`],
    ["a long qop", `Digest realm="r", nonce="n", qop="${"auth-int,".repeat(7000)}auth"`],
    [
      "a long algorithm",
      `Digest realm="r", nonce="n", algorithm="${"-sess".repeat(13_000)}", Digest realm="r", nonce="n"`,
    ],
    ["many challenges", Array.from({ length: 3000 }, (_, i) => `Digest realm="r", nonce="${i}"`).join(", ")],
    ["a long realm", `Digest realm="${String.raw`\"`.repeat(32_000)}", nonce="n"`],
    ["commas", `Digest realm="r", nonce="n"${",".repeat(65_000)}`],
  ])("of 64 KiB are read to their end: %s", { timeout: patience }, async (_, line) => {
    const { requests, response } = await walk(digest(USER), request(), challenge(line), new Response());
    expect([requests.length, response.status]).toEqual([2, 200]);
  });

  it("of a name that every object has are of no use", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const asked = challenge(`Digest realm="${name}", nonce="${name}", ${name}=x, algorithm=${name}`);
      const { requests } = await walk(digest(USER), request(), asked);
      expect(authorizationsOf(requests)).toEqual([null]);
    }
  });
});
