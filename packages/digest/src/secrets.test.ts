import { exchangesOf, isAuthError } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { independentHash } from "./fixtures/independent.ts";
import { asks, authorizationsOf } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USERNAME = "s3cret-user";
const PASSWORD = "s3cret-pass";
const SECRETS = [
  USERNAME,
  PASSWORD,
  independentHash("MD5", `${USERNAME}:r:${PASSWORD}`), // as good as the password in its realm
  String(Buffer.from(PASSWORD).toJSON().data),
];

/** All ways in which a value ends up in a log. */
function shown(value: unknown): string {
  const all = { showHidden: true, getters: true, depth: Infinity, maxStringLength: Infinity } as const;
  return [inspect(value), inspect(value, all), inspect({ value }, all), JSON.stringify({ value }), String(value)].join(
    "\n",
  );
}

function expectNoSecret(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

describe("the secrets", () => {
  it.each([USERNAME, Buffer.from(USERNAME)])("are not to be seen in the scheme, used or not", async (username) => {
    const scheme = digest({ username, password: PASSWORD });
    for (let round = 0; round < 2; round++) {
      const members = Object.getOwnPropertyNames(scheme);
      expect(members).toContain("authFlow");
      const values = members.map((name) => scheme[name as keyof typeof scheme] as unknown);
      expectNoSecret(shown(scheme) + shown(values) + values.map((value) => shown(value)).join("\n"));
      await scheme(scriptedFetch([{ reply: asks() }, { reply: {} }]))("https://example.com/");
    }
  });

  it("are not to be seen in a flow that stands still, nor in its request to come", async () => {
    const scheme = digest({ username: USERNAME, password: PASSWORD });
    const flow = scheme.authFlow(new Request("https://example.com/"), {} as never);
    flow.next();
    flow.next(asks());
    expectNoSecret(shown(flow));
  });

  it.each([
    ["a colon", `${USERNAME}:`, PASSWORD],
    ["a control character", USERNAME, `${PASSWORD}\n`],
    ["a control character among octets", USERNAME, Buffer.from(`${PASSWORD}\n`)],
    ["a lone surrogate", USERNAME, `${PASSWORD}\ud800`],
    ["the wrong type", USERNAME, { PASSWORD }],
    ["a list", USERNAME, [PASSWORD]],
  ])("are not to be seen in the error about %s", (_, username, password) => {
    let refusal: unknown;
    try {
      digest({ username, password: password as string });
    } catch (error) {
      refusal = error;
    }
    expect(isAuthError(refusal, "ERR_AUTHFLOW_INVALID_CREDENTIALS")).toBe(true);
    expectNoSecret(shown(refusal) + String((refusal as Error).stack));
  });

  it("are not to be seen where they stand in the place of another option", () => {
    for (const option of ["algorithms", "probe", "handshakeTimeout"]) {
      let refusal: unknown;
      try {
        digest({ username: USERNAME, password: PASSWORD, [option]: PASSWORD });
      } catch (error) {
        refusal = error;
      }
      expect(isAuthError(refusal, "ERR_AUTHFLOW_INVALID_OPTION")).toBe(true);
      expectNoSecret(shown(refusal) + String((refusal as Error).stack));
    }
  });

  it("are not to be seen in the history, nor is anything of an answer", async () => {
    const scheme = digest({ username: USERNAME, password: PASSWORD });
    const fetch = scriptedFetch([{ reply: asks() }, { reply: {} }]);
    const exchanges = exchangesOf(await scheme(fetch)("https://example.com/"));
    expect(authorizationsOf(exchanges.map(({ request }) => request))).toEqual([null, "Digest [redacted]"]);
    expectNoSecret(shown(exchanges));
  });

  it("are not to be seen in the error of a transport, nor in that about a proof, whose URL has no query", async () => {
    const scheme = digest({ username: USERNAME, password: PASSWORD });
    const broken = scriptedFetch([{ reply: asks() }, { reply: new TypeError("fetch failed") }]);
    const forged = scriptedFetch([{ reply: { headers: { "authentication-info": 'rspauth="0"' } } }]);
    for (const fetch of [broken, forged]) {
      const call = scheme(fetch)("https://example.com/?code=qu3ry#fr4gment");
      const failure: unknown = await call.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expectNoSecret(shown(failure) + shown(exchangesOf(failure)) + String((failure as Error).stack));
      expect(inspect(failure) + JSON.stringify(failure)).not.toMatch(/qu3ry|fr4gment/);
    }
  });
});
