import { formatChallenge } from "@authflow/challenge";
import { walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { ALGORITHMS, hashOf } from "./algorithm.ts";
import { casesOf, type DigestCase, inputsOf } from "./fixtures/cases.ts";
import { independentDigest } from "./fixtures/independent.ts";
import { answerIn } from "./fixtures/messages.ts";
import { digest, type DigestOptions } from "./index.ts";
import { keyOf, responseOf } from "./response.ts";

const cases = casesOf("digest.json") as readonly DigestCase[];

describe("conformance/digest.json: the arithmetic (RFC 7616 §3.4.1 to §3.4.4, §3.5)", () => {
  it("has cases", () => expect(cases.length).toBeGreaterThan(70));

  it.each(cases)("$id", (one) => {
    const { method, uri, nonce, qop } = one.input;
    const { algorithm, username, password, realm, nc, cnonce, body, responseBody } = inputsOf(one);
    const name = ALGORITHMS.find((known) => known === algorithm.replace("-sess", ""));
    const H = hashOf(name ?? expect.fail(algorithm));
    const key = keyOf(H, username, realm, password, nonce, algorithm.endsWith("-sess") ? cnonce : undefined);
    const answer = (verb: string, content: Uint8Array): string =>
      responseOf(H, key, nonce, nc, cnonce, qop, verb, uri, { content });
    const { username: hashed, ha2, ...others } = independentDigest({ ...one.input, ...inputsOf(one), qop });
    const computed = {
      ha1: key,
      ha2,
      response: answer(method, body),
      rspauth: answer("", responseBody),
      username_param: H(username, realm),
    };
    expect(computed).toMatchObject(one.expect);
    expect({ ...others, ha2, username_param: hashed }).toEqual(computed);
  });
});

/** Cases that no fetch can send, or that are refused, with the reason. */
const NOT_SENT: Readonly<Record<string, string>> = {
  "chromium-7": "fetch takes no empty method",
  "chromium-9": "fetch takes no CONNECT",
  "curl-206-1": "fetch takes no CONNECT",
  "uri-absolute-form-proxy": "fetch sends the origin form",
  "nc-max": "nobody has four billion requests; place.test.ts counts to there",
  "username-colon-digest": "a colon is refused; options.test.ts has it",
};

/** What a case needs beside its credentials. */
const OPTIONS: Readonly<Record<string, Partial<DigestOptions>>> = {
  "username-star": { extendedUsername: true },
  "utf8-nfc": { password: "cafe\u0301" },
};

/** The challenge of a case: its own, or one made of its input. */
function challengeOf(one: DigestCase): string {
  const { nonce, qop, algorithm, userhash: wantsUserhash } = one.input;
  if (one.challenge !== undefined && one.input.realm_bytes_hex === undefined) return one.challenge;
  const params = [
    ["realm", inputsOf(one).realm],
    ["nonce", nonce],
    ["qop", qop],
    ["algorithm", algorithm],
    ["userhash", wantsUserhash ? "true" : undefined],
    ["charset", one.id === "utf8-nfc" ? "UTF-8" : undefined],
  ] as const;
  return formatChallenge({ scheme: "Digest", params });
}

describe("conformance/digest.json: the whole answer", () => {
  const sent = cases.filter(({ id }) => !Object.hasOwn(NOT_SENT, id));

  it("is tested whole, but for what can't be sent", () => {
    expect(cases.length - sent.length).toBe(Object.keys(NOT_SENT).length);
  });

  it.each(sent)("$id", async (one) => {
    const { method, uri, username, password, cnonce = "unused" } = one.input;
    const { body, responseBody, realm } = inputsOf(one);
    const scheme = digest({ username, password, cnonce: () => cnonce, ...OPTIONS[one.id] });
    const fragment = one.id === "uri-fragment-dropped" ? "#frag" : "";
    const request = new Request(`http://example.org${uri}${fragment}`, {
      method,
      ...(body.length > 0 && { body }),
    });
    const { rspauth, response, username_param: hashed } = one.expect;
    const qop = one.input.qop ?? "";
    const info = rspauth === undefined ? undefined : `rspauth="${rspauth}", qop=${qop}`;
    const welcome = new Response(responseBody, info === undefined ? {} : { headers: { "authentication-info": info } });
    const asked = new Response(null, { status: 401, headers: { "www-authenticate": challengeOf(one) } });
    const { requests } = await walk(scheme, request, asked, welcome);

    const authorization = requests[1].headers.get("authorization");
    expect(answerIn(requests[1])).toMatchObject({ response, uri, realm, ...(hashed && { username: hashed }) });
    for (const part of one.authorization_must_contain ?? []) expect(authorization).toContain(part);
    for (const part of one.authorization_must_not_contain ?? []) expect(authorization).not.toContain(part);
  });

  it.each(sent.filter((one) => one.expect.rspauth !== undefined))(
    "$id: a proof of the server that is wrong is an error",
    async (one) => {
      const { method, uri, username, password, cnonce = "" } = one.input;
      const { body, responseBody } = inputsOf(one);
      const scheme = digest({ username, password, cnonce: () => cnonce });
      const request = new Request(`http://example.org${uri}`, { method, ...(body.length > 0 && { body }) });
      const asked = new Response(null, { status: 401, headers: { "www-authenticate": challengeOf(one) } });
      const wrong = one.expect.rspauth?.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
      const headers = { "authentication-info": `rspauth="${wrong}", qop=${one.input.qop}` };
      const refused = walk(scheme, request, asked, new Response(responseBody, { headers }));
      await expect(refused).rejects.toMatchObject({ code: "ERR_AUTHFLOW_AUTH_VERIFICATION" });
    },
  );
});
