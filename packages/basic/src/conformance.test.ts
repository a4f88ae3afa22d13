import { scriptedFetch, type ScriptStep, stepFlow, walk } from "@authflow/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { basicCases, casesOf } from "./fixtures/cases.ts";
import { authorizationsOf, challenge } from "./fixtures/messages.ts";
import { basic, type BasicOptions } from "./index.ts";

/** What goes out with these options. */
async function sentWith(options: BasicOptions): Promise<(string | null)[]> {
  const { requests } = await walk(basic(options), new Request("https://example.org/"), new Response());
  return authorizationsOf(requests);
}

describe("conformance/basic.json", () => {
  const { sent, refused } = basicCases();

  it("is tested whole", () => {
    expect(sent.length + refused.length).toBe(casesOf("basic.json").length);
    expect(sent.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
  });

  it.each(sent)("$id", async ({ username, password, expect: expected }) => {
    expect(await sentWith({ username, password })).toEqual([expected]);
  });

  it.each(refused)("$id is refused", ({ username, password }) => {
    expect(() => basic({ username, password })).toThrow(
      expect.objectContaining({ name: "InvalidCredentialsError", code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" }),
    );
  });
});

describe("conformance/httpx-behaviours.json, area basic", () => {
  afterEach(() => vi.restoreAllMocks());

  const behaviours: Readonly<Record<string, () => Promise<void> | void>> = {
    "basic-flow-single": async () => {
      const scheme = basic({ username: "user", password: "pass" });
      await using flow = await stepFlow(scheme, new Request("https://example.org/"));
      const first = await flow.next();
      expect(first.headers.get("authorization")).toBe("Basic dXNlcjpwYXNz");
      const welcome = new Response();
      expect(await flow.end(welcome)).toBe(welcome);
    },
    "basic-401-no-retry": async () => {
      const refusal = challenge('Basic realm="x"');
      const fetch = scriptedFetch([{ reply: refusal }]);
      expect(await basic({ username: "user", password: "pass" })(fetch)("https://example.org/")).toBe(refusal);
      fetch.done();
    },
    "basic-utf8": async () => {
      const sent = await sentWith({ username: "Aladdin", password: "öpen sésame" });
      expect(sent).toEqual(["Basic QWxhZGRpbjrDtnBlbiBzw6lzYW1l"]);
    },
    "basic-rfc7617-pound": async () => {
      expect(await sentWith({ username: "test", password: "123£" })).toEqual(["Basic dGVzdDoxMjPCow=="]);
    },
    "basic-bytes": async () => {
      const password = Uint8Array.of(0x31, 0x32, 0x33, 0xa3); // "123£" in Latin-1
      const sent = await sentWith({ username: new TextEncoder().encode("test"), password });
      expect(sent).toEqual(["Basic dGVzdDoxMjOj"]);
    },
    // HTTPX sends it, and the server reads another username and another password.
    "basic-colon-user": () => {
      expect(() => basic({ username: "a:b", password: "c" })).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" }),
      );
    },
    "basic-precomputed": async () => {
      const encode = vi.spyOn(globalThis, "btoa");
      const scheme = basic({ username: "user", password: "pass" });
      for (let call = 0; call < 2; call++) {
        const { requests } = await walk(scheme, new Request("https://example.org/"), new Response());
        expect(authorizationsOf(requests)).toEqual(["Basic dXNlcjpwYXNz"]);
      }
      expect(encode).toHaveBeenCalledTimes(1);
    },
  };

  it("is tested whole", () => {
    const cases = casesOf("httpx-behaviours.json") as readonly { id: string; area: string }[];
    const ids = cases.filter(({ area }) => area === "basic").map(({ id }) => id);
    expect(Object.keys(behaviours).toSorted()).toEqual(ids.toSorted());
  });

  it.each(Object.entries(behaviours))("%s", (_, behaves) => behaves());
});

/** A scripted server of conformance/flows.json. */
interface FlowCase {
  readonly id: string;
  readonly client: { readonly scheme?: string } & BasicOptions;
  readonly calls: readonly { readonly method: string; readonly path: string }[];
  readonly server_steps: readonly ScriptStep[];
  readonly result: {
    readonly statuses?: readonly number[];
    readonly errors?: readonly string[];
    readonly wire: number;
  };
}

describe("conformance/flows.json, the scheme basic", () => {
  const flows = (casesOf("flows.json") as readonly FlowCase[]).filter(({ client }) => client.scheme === "basic");

  it("is tested whole", () => {
    expect(flows.map(({ id }) => id)).toEqual(["basic-challenge-only-mode", "basic-forbidden-over-http"]);
  });

  it.each(flows)("$id", async ({ client, calls, server_steps: steps, result }) => {
    const fetch = scriptedFetch(steps);
    const authFetch = basic(client)(fetch);
    const statuses: number[] = [];
    const errors: string[] = [];
    for (const { method, path } of calls) {
      try {
        statuses.push((await authFetch(`http://server.example${path}`, { method })).status);
      } catch (error) {
        errors.push((error as Error).name);
      }
    }
    fetch.done();
    expect({ statuses, errors, wire: fetch.calls.length }).toEqual({ statuses: [], errors: [], ...result });
  });
});
