import type { FlowContext } from "@authflow/flow";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answering, challenge } from "./fixtures/answering.ts";
import { basicCases, casesOf } from "./fixtures/cases.ts";
import { basic } from "./index.ts";

describe("conformance/basic.json", () => {
  const { sent, refused } = basicCases();

  it("is tested whole", () => {
    expect(sent.length + refused.length).toBe(casesOf("basic.json").length);
    expect(sent.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
  });

  it.each(sent)("$id", async ({ username, password, expect: expected }) => {
    const server = answering(200);
    await basic({ username, password })(server.fetch)("https://example.com/");
    expect(server.authorizations).toEqual([expected]);
  });

  it.each(refused)("$id is refused", ({ username, password }) => {
    expect(() => basic({ username, password })).toThrow(
      expect.objectContaining({ name: "InvalidCredentialsError", code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" }),
    );
  });
});

describe("conformance/httpx-behaviours.json, area basic", () => {
  afterEach(() => vi.restoreAllMocks());

  /** What goes out for these credentials. */
  async function sentFor(
    username: string | Uint8Array,
    password: string | Uint8Array,
  ): Promise<readonly (string | null)[]> {
    const server = answering(200);
    await basic({ username, password })(server.fetch)("https://example.org/");
    return server.authorizations;
  }

  const behaviours: Readonly<Record<string, () => Promise<void> | void>> = {
    "basic-flow-single": () => {
      const request = new Request("https://example.org/");
      const context = { signal: undefined, user: undefined } as FlowContext; // a flow driven by hand has no runner to send with
      const flow = basic({ username: "user", password: "pass" }).authFlow(request, context);
      const first = flow.next();
      expect(first).toEqual({ done: false, value: request });
      expect(request.headers.get("authorization")).toBe("Basic dXNlcjpwYXNz");
      expect(flow.next(new Response())).toEqual({ done: true, value: undefined });
    },
    "basic-401-no-retry": async () => {
      const refusal = challenge('Basic realm="x"');
      const server = answering(refusal);
      const authFetch = basic({ username: "user", password: "pass" })(server.fetch);
      expect(await authFetch("https://example.org/")).toBe(refusal);
      expect(server.sent).toHaveLength(1);
    },
    "basic-utf8": async () => {
      expect(await sentFor("Aladdin", "öpen sésame")).toEqual(["Basic QWxhZGRpbjrDtnBlbiBzw6lzYW1l"]);
    },
    "basic-rfc7617-pound": async () => {
      expect(await sentFor("test", "123£")).toEqual(["Basic dGVzdDoxMjPCow=="]);
    },
    "basic-bytes": async () => {
      const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
      expect(await sentFor(latin1("test"), latin1("123£"))).toEqual(["Basic dGVzdDoxMjOj"]);
    },
    // HTTPX sends it, and the server reads another username and another password.
    "basic-colon-user": () => {
      expect(() => basic({ username: "a:b", password: "c" })).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" }),
      );
    },
    "basic-precomputed": async () => {
      const encode = vi.spyOn(globalThis, "btoa");
      const server = answering(200, 200);
      const authFetch = basic({ username: "user", password: "pass" })(server.fetch);
      expect(encode).toHaveBeenCalledTimes(1);
      await authFetch("https://example.org/");
      await authFetch("https://example.org/");
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
  readonly client: { readonly scheme?: string; readonly username: string; readonly password: string };
  readonly calls: readonly { readonly method: string; readonly path: string }[];
  readonly server_steps: readonly {
    readonly expect: { readonly authorization: null | { readonly value: string } };
    readonly reply: { readonly status: number; readonly headers?: Record<string, string> };
  }[];
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
    const server = answering(
      ...steps.map(({ reply: { status, headers } }) => new Response(null, { status, headers: headers ?? {} })),
    );
    const authFetch = basic(client)(server.fetch);
    const statuses: number[] = [];
    const errors: string[] = [];
    for (const { method, path } of calls) {
      try {
        statuses.push((await authFetch(`http://server.example${path}`, { method })).status);
      } catch (error) {
        errors.push((error as Error).name);
      }
    }
    expect(server.authorizations).toEqual(steps.map((step) => step.expect.authorization?.value ?? null));
    expect({ statuses, errors, wire: server.sent.length }).toEqual({ statuses: [], errors: [], ...result });
  });
});
