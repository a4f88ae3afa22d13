import { exchangesOf, isAuthError } from "@authflow/flow";
import { inspect } from "node:util";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { authorizationsOf, challenge } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

const USERNAME = "s3cret-user";
const PASSWORD = "s3cret-pass";
const SECRETS = [
  USERNAME,
  PASSWORD,
  btoa(`${USERNAME}:${PASSWORD}`),
  btoa(PASSWORD),
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
  it.each([USERNAME, Buffer.from(USERNAME)])("are not to be seen in the scheme", (username) => {
    const scheme = basic({ username, password: PASSWORD, preemptive: false });
    const members = Object.getOwnPropertyNames(scheme);
    expect(members).toContain("authFlow");
    const values = members.map((name) => scheme[name as keyof typeof scheme] as unknown);
    expectNoSecret(shown(scheme) + shown(values) + values.map((value) => shown(value)).join("\n"));
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
      basic({ username, password: password as string });
    } catch (error) {
      refusal = error;
    }
    expect(isAuthError(refusal, "ERR_AUTHFLOW_INVALID_CREDENTIALS")).toBe(true);
    expectNoSecret(shown(refusal) + String((refusal as Error).stack));
  });

  it("are not to be seen where Latin-1 can't hold them, nor where they stand in the place of the encoding", () => {
    const attempts: (() => unknown)[] = [
      () => basic({ username: USERNAME, password: `${PASSWORD}€`, encoding: "latin1" }),
      () => basic({ username: USERNAME, password: PASSWORD, encoding: PASSWORD as "latin1" }),
    ];
    for (const attempt of attempts) {
      let refusal: unknown;
      try {
        attempt();
      } catch (error) {
        refusal = error;
      }
      expect(isAuthError(refusal)).toBe(true);
      expectNoSecret(shown(refusal) + String((refusal as Error).stack));
    }
  });

  it("are not to be seen in the history, nor in the error of a transport", async () => {
    const scheme = basic({ username: USERNAME, password: PASSWORD, preemptive: false });
    const fetch = scriptedFetch([{ reply: challenge("Basic") }, { reply: {} }]);
    const exchanges = exchangesOf(await scheme(fetch)("https://example.com/"));
    expect(authorizationsOf(exchanges.map(({ request }) => request))).toEqual([null, "Basic [redacted]"]);
    expectNoSecret(shown(exchanges));

    const preemptive = basic({ username: USERNAME, password: PASSWORD });
    const broken = scriptedFetch([{ reply: new TypeError("fetch failed") }]);
    const failure: unknown = await preemptive(broken)("https://example.com/").catch((error: unknown) => error);
    expect(exchangesOf(failure)).toHaveLength(1);
    expectNoSecret(shown(failure) + shown(exchangesOf(failure)));
  });

  it("are not to be seen in the error about plain http", async () => {
    const scheme = basic({ username: USERNAME, password: PASSWORD, requireHttps: true });
    const url = `http://${USERNAME}:${PASSWORD}@example.com/?password=${PASSWORD}#${PASSWORD}`;
    const refusal: unknown = await scheme(scriptedFetch([]))(url).catch((error: unknown) => error);
    expect(isAuthError(refusal, "ERR_AUTHFLOW_INSECURE_TRANSPORT")).toBe(true);
    expectNoSecret(shown(refusal) + String((refusal as Error).stack));
  });
});
