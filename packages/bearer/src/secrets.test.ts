import { inspect } from "node:util";
import { exchangesOf, isAuthError } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { authorizationsOf, refusal } from "./fixtures/messages.ts";
import { bearer, type TokenSource } from "./index.ts";

const FIRST = "pl4nted-first";
const SECOND = "pl4nted-second";

/** All ways in which a value ends up in a log. */
function shown(value: unknown): string {
  const all = { showHidden: true, getters: true, depth: Infinity, maxStringLength: Infinity } as const;
  const stack = value instanceof Error ? value.stack : "";
  return [
    inspect(value),
    inspect(value, all),
    inspect({ value }, all),
    JSON.stringify({ value }),
    String(value),
    stack,
  ].join("\n");
}

function thrownBy(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return error;
  }
}

describe("the tokens", () => {
  it.each([
    ["a token", bearer(FIRST)],
    ["a function", bearer(() => FIRST)],
  ])("are not to be seen in the scheme, made with %s, nor in a fetch that it wraps", async (_, scheme) => {
    const authFetch = scheme(async (_url: string) => new Response());
    await authFetch("https://example.com/");
    const members = Object.getOwnPropertyNames(scheme).map((name) => scheme[name as keyof typeof scheme] as unknown);
    expect(members.length).toBeGreaterThan(3);
    expect(shown(scheme) + members.map(shown).join("\n") + shown(authFetch)).not.toContain("pl4nted");
  });

  it.each([
    ["a space", `Bearer ${FIRST}`],
    ["a line end", `${FIRST}\n`],
    ["a letter beyond ASCII", `${FIRST}é`],
    ["the wrong type", { FIRST }],
    ["a list", [FIRST]],
  ])("are not to be seen in the error about %s, whether fixed or given by a function", async (_, token) => {
    const fixed = thrownBy(() => bearer(token as string));
    const given: unknown = await bearer(async () => token as string)(scriptedFetch([]))("https://example.com/").catch(
      (error: unknown) => error,
    );
    for (const error of [fixed, given]) {
      expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_CREDENTIALS")).toBe(true);
      expect(shown(error)).not.toContain("pl4nted");
    }
  });

  it("are not to be seen in the history, nor in what is wrong with an option", async () => {
    const source: TokenSource = (_, challenge) => (challenge ? SECOND : FIRST);
    const fetch = scriptedFetch([{ reply: refusal() }, { reply: {} }]);
    const exchanges = exchangesOf(await bearer(source)(fetch)("https://example.com/"));
    expect(authorizationsOf(exchanges.map(({ request }) => request))).toEqual([
      "Bearer [redacted]",
      "Bearer [redacted]",
    ]);
    expect(shown(exchanges)).not.toContain("pl4nted");
    expect(authorizationsOf(fetch.calls)).toEqual([`Bearer ${FIRST}`, `Bearer ${SECOND}`]);
    expect(shown(thrownBy(() => bearer(source, { backOff: FIRST as unknown as number })))).not.toContain("pl4nted");
  });

  it("are not to be seen in the error of a transport, nor in one of the runner", async () => {
    const broken = scriptedFetch([{ reply: new TypeError("fetch failed") }]);
    const failure: unknown = await bearer(FIRST)(broken)("https://example.com/").catch((error: unknown) => error);
    expect(exchangesOf(failure)).toHaveLength(1);
    expect(shown(failure) + shown(exchangesOf(failure))).not.toContain("pl4nted");

    const fetch = scriptedFetch([{ reply: refusal() }]);
    const call = bearer((_, challenge) => (challenge ? SECOND : FIRST))(fetch, { replayLimit: 0 });
    const body = new Blob(["a stream"]).stream();
    const gone: unknown = await call("https://example.com/", {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit).catch((error: unknown) => error);
    expect(isAuthError(gone, "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE")).toBe(true);
    expect(shown(gone) + shown(exchangesOf(gone))).not.toContain("pl4nted");
  });

  it("are not to be seen in the error about plain http", async () => {
    const url = `http://${FIRST}:${FIRST}@example.com/?access_token=${FIRST}#${FIRST}`;
    for (const scheme of [bearer(FIRST, { requireHttps: true }), bearer(() => FIRST, { requireHttps: true })]) {
      const refused: unknown = await scheme(scriptedFetch([]))(url).catch((error: unknown) => error);
      expect(isAuthError(refused, "ERR_AUTHFLOW_INSECURE_TRANSPORT")).toBe(true);
      expect(shown(refused)).not.toContain("pl4nted");
    }
  });
});
