import { runFlowSync } from "@authflow/flow";
import { describe, expect, it } from "vitest";
import { answering, challenge } from "./fixtures/answering.ts";
import { basic } from "./index.ts";

const ALADDIN = { username: "Aladdin", password: "open sesame", preemptive: false };
const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
const REALM = 'Basic realm="WallyWorld"';

describe("basic with preemptive: false", () => {
  it("waits for the challenge and answers it once", async () => {
    const server = answering(challenge(REALM), 200);
    const response = await basic(ALADDIN)(server.fetch)("https://example.com/");
    expect(response.status).toBe(200);
    expect(server.authorizations).toEqual([null, CREDENTIALS]);
  });

  it.each([
    ["a scheme in any letter case (§2: the scheme name is case-insensitive)", [`bAsIc realm="x"`]],
    ["a challenge without a realm, as some servers send it", ["Basic"]],
    ["one of several challenges in a field", [`Negotiate, Digest realm="x, Basic", nonce="y", ${REALM}`]],
    ["one of several fields", ["Negotiate", REALM]],
    ["one beside a malformed one", [`Digest realm="x, nonce, ${REALM}`, REALM]],
  ])("answers %s", async (_, challenges) => {
    const server = answering(challenge(...challenges), 200);
    await basic(ALADDIN)(server.fetch)("https://example.com/");
    expect(server.authorizations).toEqual([null, CREDENTIALS]);
  });

  it.each([
    ["a 401 without a challenge", new Response(null, { status: 401 })],
    ["a 401 that asks for other schemes", challenge(`Digest realm="Basic", nonce="Basic realm"`, "Bearer")],
    ["a 403", new Response(null, { status: 403, headers: { "www-authenticate": REALM } })],
    ["a 407", new Response(null, { status: 407, headers: { "proxy-authenticate": REALM } })],
    ["a 200 with a challenge", new Response(null, { headers: { "www-authenticate": REALM } })],
  ])("gives %s back, untouched", async (_, answer) => {
    const server = answering(answer);
    expect(await basic(ALADDIN)(server.fetch)("https://example.com/")).toBe(answer);
    expect(server.authorizations).toEqual([null]);
  });

  it.each([
    'Basic realm="x", charset="UTF-8"',
    'Basic realm="x", charset="utf-8"',
    'Basic realm="x", charset=ISO-8859-1',
  ])("sends the octets that `encoding` says, whatever the server says: %s (§2.1: purely advisory)", async (asked) => {
    const sent = await Promise.all(
      (["utf-8", "latin1"] as const).map(async (encoding) => {
        const server = answering(challenge(asked), 200);
        await basic({ username: "test", password: "123£", encoding, preemptive: false })(server.fetch)(
          "https://example.com/",
        );
        return server.authorizations[1];
      }),
    );
    expect(sent).toEqual(["Basic dGVzdDoxMjPCow==", "Basic dGVzdDoxMjOj"]);
  });

  it("gives the second 401 back: the same credentials never go to the same challenge twice", async () => {
    const refusal = challenge(REALM);
    const server = answering(challenge(REALM), refusal);
    expect(await basic(ALADDIN)(server.fetch)("https://example.com/")).toBe(refusal);
    expect(server.sent).toHaveLength(2);
  });

  it("doesn't send them again where the caller's own header was just that", async () => {
    const server = answering(challenge(REALM));
    await basic(ALADDIN)(server.fetch)("https://example.com/", { headers: { authorization: CREDENTIALS } });
    expect(server.authorizations).toEqual([CREDENTIALS]);
  });

  it("replaces another Authorization of the caller's once it is asked", async () => {
    const server = answering(challenge(REALM), 200);
    await basic(ALADDIN)(server.fetch)("https://example.com/", { headers: { authorization: "Bearer x" } });
    expect(server.authorizations).toEqual(["Bearer x", CREDENTIALS]);
  });

  it("sends the body with both requests", async () => {
    expect(basic(ALADDIN).sendsOnce).toBe(false);
    const server = answering(challenge(REALM), 200);
    const body = new Blob(["a stream"]).stream();
    await basic(ALADDIN)(server.fetch)("https://example.com/", { method: "POST", body, duplex: "half" } as RequestInit);
    expect(server.bodies).toEqual(["a stream", "a stream"]);
  });

  it("passes an error of the transport on, at either request", async () => {
    const broken = new TypeError("fetch failed");
    for (const answers of [[broken], [challenge(REALM), broken]]) {
      const server = answering(...answers);
      await expect(basic(ALADDIN)(server.fetch)("https://example.com/")).rejects.toBe(broken);
      expect(server.sent).toHaveLength(answers.length);
    }
  });

  it("answers over a transport that blocks, too", () => {
    const seen: (string | null)[] = [];
    const response = runFlowSync(basic(ALADDIN), new Request("https://example.com/"), ({ headers }) => {
      seen.push(headers.get("authorization"));
      return seen.length === 1 ? challenge(REALM) : new Response("welcome");
    });
    expect(response.status).toBe(200);
    expect(seen).toEqual([null, CREDENTIALS]);
  });
});

describe("the protection space that it remembers (§2.2)", () => {
  /** Logs in at a URL, then calls the others; tells which of those went out with the credentials at once. */
  async function unasked(first: string, ...others: readonly string[]): Promise<readonly boolean[]> {
    const server = answering(challenge(REALM), 200, ...others.map(() => 200));
    const authFetch = basic(ALADDIN)(server.fetch);
    for (const url of [first, ...others]) await authFetch(url);
    return server.authorizations.slice(2).map((value) => value === CREDENTIALS);
  }

  it("holds the paths at or below the last slash of an authenticated request: the RFC's own example", async () => {
    expect(
      await unasked(
        "http://example.com/docs/index.html",
        "http://example.com/docs/",
        "http://example.com/docs/test.doc",
        "http://example.com/docs/?page=1",
        "http://example.com/other/",
        "https://example.com/docs/",
      ),
    ).toEqual([true, true, true, false, false]);
  });

  it("ends at the origin: another host, port or scheme gets nothing unasked", async () => {
    expect(
      await unasked(
        "https://example.com/",
        "https://example.com/deep/er",
        "https://example.com:8443/",
        "https://www.example.com/",
        "https://example.com.evil.example/",
        "http://example.com/",
      ),
    ).toEqual([true, false, false, false, false]);
  });

  it("doesn't take a slash of the query for one of the path", async () => {
    expect(
      await unasked("https://example.com/a/b?next=/a/b/c/", "https://example.com/a/x", "https://example.com/a"),
    ).toEqual([true, false]);
  });

  it("doesn't hold a path where the credentials were refused", async () => {
    const server = answering(challenge(REALM), challenge(REALM), challenge(REALM), 200);
    const authFetch = basic(ALADDIN)(server.fetch);
    await authFetch("https://example.com/");
    await authFetch("https://example.com/");
    expect(server.authorizations).toEqual([null, CREDENTIALS, null, CREDENTIALS]);
  });

  it("holds one where they were accepted and the answer is an error of another kind", async () => {
    const server = answering(challenge(REALM), 404, 200);
    const authFetch = basic(ALADDIN)(server.fetch);
    await authFetch("https://example.com/a");
    await authFetch("https://example.com/b");
    expect(server.authorizations).toEqual([null, CREDENTIALS, CREDENTIALS]);
  });

  it("gives a 401 from within back after one request", async () => {
    const refusal = challenge('Basic realm="another"');
    const server = answering(challenge(REALM), 200, refusal);
    const authFetch = basic(ALADDIN)(server.fetch);
    await authFetch("https://example.com/");
    expect(await authFetch("https://example.com/private/")).toBe(refusal);
    expect(server.authorizations).toEqual([null, CREDENTIALS, CREDENTIALS]);
  });

  it("belongs to the scheme: whatever it wraps shares it, and another scheme knows nothing of it", async () => {
    const server = answering(challenge(REALM), 200, 200, 200);
    const scheme = basic(ALADDIN);
    await scheme(server.fetch)("https://example.com/");
    await scheme(server.fetch)("https://example.com/");
    await basic(ALADDIN)(server.fetch)("https://example.com/");
    expect(server.authorizations).toEqual([null, CREDENTIALS, CREDENTIALS, null]);
  });
});
