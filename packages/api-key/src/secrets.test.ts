import { inspect } from "node:util";
import { exchangesOf, isAuthError } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { refusalOf } from "./fixtures/sent.ts";
import { apiKey, type ApiKeyOptions } from "./index.ts";

const KEY = "pl4nted-key";
const target = "https://api.example.com/v1?page=2";

// Names that say nothing of what they hold: what is found out by the name alone would be found anyway.
const KEYS: readonly ApiKeyOptions[] = [
  { header: "x-pin", value: KEY },
  { header: "authorization", value: `Custom ${KEY}` },
  { query: "pin", value: KEY },
  { query: "p&n", value: `${KEY} &=` },
  { cookie: "pin", value: KEY },
];

const ALL = { showHidden: true, getters: true, depth: Infinity, maxStringLength: Infinity } as const;

/** All ways in which a value ends up in a log. */
function logged(value: unknown): string {
  const stack = value instanceof Error ? value.stack : "";
  const deep = inspect(value, { ...ALL, showHidden: false });
  return [inspect(value), deep, inspect({ value }), JSON.stringify({ value }), String(value), stack].join("\n");
}

/** The same, and what only who looks for it sees. */
function shown(value: unknown): string {
  return [logged(value), inspect(value, ALL), inspect({ value }, ALL)].join("\n");
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return error;
  }
}

describe.each(KEYS)("the key of %o", (options) => {
  it("is not to be seen in the scheme, nor in a fetch that it wraps", async () => {
    const scheme = apiKey(options);
    const authFetch = scheme(async (_url: string) => new Response());
    await authFetch(target);
    const members = Object.getOwnPropertyNames(scheme).map((name) => scheme[name as keyof typeof scheme] as unknown);
    expect(members.length).toBeGreaterThan(3);
    expect(shown(scheme) + members.map(shown).join("\n") + shown(authFetch)).not.toContain("pl4nted");
  });

  it("is not to be seen in the history", async () => {
    const fetch = scriptedFetch([
      { reply: (sent) => ({ status: 307, headers: { location: sent.url, "content-location": sent.url } }) },
      { reply: { headers: { "set-cookie": `pin=${KEY}` } } },
    ]);
    const seen: unknown[] = [];
    const response = await apiKey(options)(fetch, { onExchange: (exchange) => seen.push(exchange) })(target);
    expect(exchangesOf(response)).toHaveLength(2);
    expect(shown(exchangesOf(response)) + shown(seen)).not.toContain("pl4nted");
    const onTheWire = fetch.calls.map(({ url, headers }) => JSON.stringify([url, [...headers]]));
    for (const sent of onTheWire) expect(sent).toContain("pl4nted");
    // The rest of the URL is.
    expect(shown(exchangesOf(response))).toContain("page=2");
  });

  it("goes nowhere else and is not to be seen where the caller's URL and headers held the very same already", async () => {
    const sent: { url: string; init: RequestInit }[] = [];
    const record = async (url: string, init: RequestInit = {}): Promise<Response> => {
      sent.push({ url, init: { headers: [...new Headers(init.headers)] } });
      const { search } = new URL(url);
      return sent.length === 2
        ? new Response(null, { status: 302, headers: { location: `https://elsewhere.example/${search}` } })
        : new Response();
    };
    const authFetch = apiKey(options)(record);
    await authFetch(target);
    const [first] = sent;

    // As a link to the next page that an API gives with the key in it, and an SDK that sets the header by itself.
    const response = await authFetch(first?.url ?? "", first?.init);

    expect(sent[1]).toEqual(first);
    expect(sent[2]?.url).toBe("https://elsewhere.example/?page=2");
    expect(JSON.stringify(sent[2])).not.toContain("pl4nted");
    expect(shown(exchangesOf(response))).not.toContain("pl4nted");
  });

  it("is not to be seen in the error of a transport, nor in its history", async () => {
    const broken = scriptedFetch([{ reply: new TypeError("fetch failed") }]);
    const failure = await failureOf(apiKey(options)(broken)(target));
    expect(exchangesOf(failure)).toHaveLength(1);
    expect(shown(failure) + shown(exchangesOf(failure))).not.toContain("pl4nted");
  });

  it("is not to be seen in the errors of the runner, nor in their `url`", async () => {
    const loop = scriptedFetch([
      { reply: (sent) => ({ status: 302, headers: { location: sent.url } }), times: Infinity },
    ]);
    const tooMany = await failureOf(apiKey(options)(loop)(target));
    expect(isAuthError(tooMany, "ERR_AUTHFLOW_TOO_MANY_REDIRECTS")).toBe(true);

    const elsewhere = scriptedFetch([
      { reply: (sent) => ({ status: 302, headers: { location: `ftp://${sent.url}` } }) },
    ]);
    const unsupported = await failureOf(apiKey(options)(elsewhere)(target));
    expect(isAuthError(unsupported, "ERR_AUTHFLOW_REDIRECT_TARGET")).toBe(true);

    const again = scriptedFetch([{ reply: { status: 307, headers: { location: "/again" } } }]);
    const init = { method: "POST", body: new Blob(["x"]).stream(), duplex: "half" } as RequestInit;
    const gone = await failureOf(apiKey(options)(again, { replayLimit: 0 })(target, init));
    expect(isAuthError(gone, "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE")).toBe(true);

    const insecure = apiKey({ ...options, requireHttps: true })(scriptedFetch([]));
    const plain = await failureOf(insecure(`http://${KEY}:${KEY}@example.com/?pin=${KEY}#${KEY}`));
    expect(isAuthError(plain, "ERR_AUTHFLOW_INSECURE_TRANSPORT")).toBe(true);

    for (const error of [tooMany, unsupported, gone, plain]) {
      // The Response that an error carries is hidden from logs; it is the very one, with the URL that was asked for.
      expect(logged(error) + shown(exchangesOf(error))).not.toContain("pl4nted");
    }
  });
});

describe("the errors about options", () => {
  const places = ["header", "query", "cookie"] as const;

  it.each(
    places.flatMap((place) => [`${KEY}\n`, `${KEY}\ud800`, `${KEY} €;`, { KEY }, [KEY]].map((value) => [place, value])),
  )("don't show a key that %s can't hold: %o", (place, value) => {
    const refusal = refusalOf({ [place as string]: "pin", value });
    if (refusal === undefined) return expect([place, typeof value]).toEqual(["query", "string"]); // which holds most
    expect(isAuthError(refusal, "ERR_AUTHFLOW_INVALID_CREDENTIALS")).toBe(true);
    expect(shown(refusal)).not.toContain("pl4nted");
  });

  it.each(places)("don't show a key that stands in the place of the name: %s", (place) => {
    const refusal = refusalOf({ [place]: `${KEY} \ud800`, value: "x-pin" });
    expect(isAuthError(refusal, "ERR_AUTHFLOW_INVALID_OPTION")).toBe(true);
    expect(shown(refusal)).not.toContain("pl4nted");
  });

  it("don't show it where several places are given, or none", () => {
    for (const options of [{ header: KEY, query: KEY, value: KEY }, { value: KEY }, { key: KEY }, KEY]) {
      expect(shown(refusalOf(options))).not.toContain("pl4nted");
    }
  });
});
