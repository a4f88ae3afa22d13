import { walk } from "@authflow/testing";
import { digestServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { independentDigest } from "./fixtures/independent.ts";
import { answerIn, asks, challenge } from "./fixtures/messages.ts";
import { digest, type DigestOptions } from "./index.ts";

const octets = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
const request = (): Request => new Request("https://example.com/");
const NFC = "caf\u00e9";
const NFD = "cafe\u0301";

/** The answer to a challenge, and the response that is due for a username, a password and a realm, in octets. */
async function answer(
  options: DigestOptions,
  asked: string,
  due: { readonly username: string; readonly password: string; readonly realm?: string },
): Promise<{ params: Record<string, string>; header: string; due: string }> {
  const scheme = digest({ ...options, cnonce: () => "c" });
  const { requests } = await walk(scheme, request(), challenge(asked), new Response());
  const params = answerIn(requests[1]) ?? expect.fail("no digest was sent");
  const { algorithm = "MD5", nonce = "", nc = "", cnonce = "", qop, uri = "" } = params;
  const nothing = new Uint8Array();
  const given = { algorithm, realm: "r", ...due, nonce, nc, cnonce, qop, uri };
  return {
    params,
    header: requests[1].headers.get("authorization") ?? "",
    due: independentDigest({ ...given, method: "GET", body: nothing, responseBody: nothing }).response,
  };
}

describe("a username and a password beyond ASCII (RFC 7616 §4)", () => {
  const JUERGEN = { username: "jürgen", password: "pässwörd 🚀" };
  const IN_UTF8 = { username: octets("jürgen"), password: octets("pässwörd 🚀") };

  it.each(["charset=UTF-8", 'charset="utf-8"', "charset=ISO-8859-1", "qop=auth"])(
    "go as the octets of their UTF-8, asked for or not (%s)",
    async (asked) => {
      const { params, due } = await answer(JUERGEN, `Digest realm="r", nonce="n", ${asked}`, IN_UTF8);
      expect(params).toMatchObject({ username: octets("jürgen"), response: due });
    },
  );

  it("are put into Normalization Form C where a server says UTF-8, which is what that means", async () => {
    const given = { username: NFD, password: NFD };
    const asked = 'Digest realm="r", nonce="n", charset=UTF-8';
    const { params, due } = await answer(given, asked, { username: octets(NFC), password: octets(NFC) });
    expect(params).toMatchObject({ username: octets(NFC), response: due });
  });

  it("stay in the form that they have where it doesn't: servers compare octets", async () => {
    const given = { username: NFD, password: NFD };
    const { params, due } = await answer(given, 'Digest realm="r", nonce="n"', {
      username: octets(NFD),
      password: octets(NFD),
    });
    expect(params).toMatchObject({ username: octets(NFD), response: due });
  });

  it("go as they are if they are octets, such as Latin-1 for an old server, whatever that says", async () => {
    const given = { username: Buffer.from("jürgen", "latin1"), password: Buffer.from("päß", "latin1") };
    const asked = 'Digest realm="r", nonce="n", charset=UTF-8';
    const { params, due } = await answer(given, asked, { username: "j\u00fcrgen", password: "p\u00e4\u00df" });
    expect(params).toMatchObject({ username: "j\u00fcrgen", response: due });
  });

  it("are hashed in UTF-8 for a userhash (§3.4.4)", async () => {
    const asked = 'Digest realm="r", nonce="n", userhash=true, algorithm=SHA-256';
    const { params, due } = await answer(JUERGEN, asked, IN_UTF8);
    expect(params).toMatchObject({
      username: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      userhash: "true",
      response: due,
    });
  });

  it.each(["userhash=false", "userhash=1", "qop=auth"])("aren't hashed otherwise (%s)", async (asked) => {
    const { params } = await answer(JUERGEN, `Digest realm="r", nonce="n", ${asked}`, IN_UTF8);
    expect(params["username"]).toBe(octets("jürgen"));
    expect(params).not.toHaveProperty("userhash");
  });

  it("are let in by a server on this machine that expects UTF-8", async () => {
    await using server = await digestServer({ accounts: { jürgen: "pässwörd 🚀" }, realm: octets("Büro") });
    expect((await digest(JUERGEN)(fetch)(server.url())).status).toBe(200);
    const rawHeader = server.requests[1]?.rawHeaders.find(([name]) => name.toLowerCase() === "authorization")?.[1];
    expect(rawHeader).toContain(`username="${octets("jürgen")}", realm="${octets("Büro")}"`);
  });
});

describe("extendedUsername: username* (RFC 7616 §3.4, RFC 8187 §3.2.1)", () => {
  const extended = (username: string): DigestOptions => ({ username, password: "p", extendedUsername: true });

  it("carries a username beyond ASCII, encoded and without quotes, in place of username", async () => {
    const name = "Jäsøn Doe's *(1)%";
    const { header, params, due } = await answer(extended(name), 'Digest realm="r", nonce="n"', {
      username: octets(name),
      password: "p",
    });
    expect(header).toContain("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe%27s%20%2A%281%29%25, realm=");
    expect(header).not.toContain("username=");
    expect(params["response"]).toBe(due);
  });

  it("leaves one that is ASCII as it is", async () => {
    const { header } = await answer(extended("Jason Doe"), 'Digest realm="r", nonce="n"', {
      username: "Jason Doe",
      password: "p",
    });
    expect(header).toContain('Digest username="Jason Doe", ');
  });

  it("gives way to a userhash, which says it all", async () => {
    const { header } = await answer(extended("jürgen"), 'Digest realm="r", nonce="n", userhash=true', {
      username: octets("jürgen"),
      password: "p",
    });
    expect(header).toMatch(/username="[0-9a-f]{32}"/);
    expect(header).not.toContain("username*");
  });

  it("is understood by a server on this machine", async () => {
    await using server = await digestServer({ accounts: { "jürgen €": "p" } });
    expect((await digest(extended("jürgen €"))(fetch)(server.url())).status).toBe(200);
  });
});

describe("the texts of a challenge are octets, one character each", () => {
  const USER = { username: "user", password: "p" };

  it.each([
    ["UTF-8", octets("Büro €")],
    ["Latin-1", "B\u00fcro"],
  ])("a realm, a nonce and an opaque in %s are digested and sent back as they came", async (_, text) => {
    const asked = `Digest realm="${text}", nonce="${text}", opaque="${text}", qop=auth`;
    const { params, due } = await answer(USER, asked, { ...USER, realm: text });
    expect(params).toMatchObject({ realm: text, nonce: text, opaque: text, response: due });
  });

  it("where a runtime has decoded them, they are turned back into octets", async () => {
    const decoded = { get: () => 'Digest realm="Büro €", nonce="n €", opaque="o €"' };
    const response = asks();
    Object.defineProperty(response, "headers", { value: decoded });
    const { requests } = await walk(digest(USER), request(), response, new Response());
    expect(answerIn(requests[1])).toMatchObject({
      realm: octets("Büro €"),
      nonce: octets("n €"),
      opaque: octets("o €"),
    });
  });
});

describe("a field of a challenge (RFC 9110 §5.5)", () => {
  it.each(["caf\u00e9 \u{1f680}", "a\tb \u{1f680}", "half \ud83d of it"])(
    "that a runtime has decoded is answered, whatever it holds: realm %j",
    async (realm) => {
      const response = new Response(null, { status: 401 });
      Object.defineProperty(response, "headers", { value: { get: () => `Digest realm="${realm}", nonce="n"` } });
      const { requests } = await walk(digest({ username: "u", password: "p" }), request(), response, new Response());
      expect(answerIn(requests[1])?.["realm"]).toBe(octets(realm));
    },
  );
});
