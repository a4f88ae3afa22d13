import { describe, expect, it } from "vitest";
import { scripted } from "./fixtures/scripted.ts";
import { type AuthScheme, type AsyncFlow, defineScheme, runFlow, runFlowSync, type SyncFlow } from "./index.ts";

const URL_A = "https://a.test/x";
const status = (code: number): Response => new Response(null, { status: code });

/** The value of a header in each request that was sent. */
const sent = (next: { readonly requests: readonly Request[] }, header: string): (string | null)[] =>
  next.requests.map(({ headers }) => headers.get(header));

class Counting {
  readonly name = "counting";
  #count = 0;

  get requiresResponseBody(): boolean {
    return this.#count > 0; // computed, on the prototype, from a private field
  }

  *authFlow(request: Request): SyncFlow {
    this.#count++;
    request.headers.set("x-count", String(this.#count));
    const response = yield request;
    if (this.#count === 1) request.headers.set("x-length", String(response.content.length));
    yield request;
  }
}

describe("defineScheme: the scheme and its middleware are one value", () => {
  const token = {
    name: "token",
    sendsOnce: true,
    *authFlow(request: Request): SyncFlow {
      request.headers.set("authorization", "Token 123");
      yield request;
    },
  };

  it("is a middleware: a fetch in, an authenticated fetch out", async () => {
    const next = scripted(status(200));
    await defineScheme(token)(next)(URL_A);
    expect(sent(next, "authorization")).toEqual(["Token 123"]);
  });

  it("is a scheme: it goes wherever a scheme goes", async () => {
    const next = scripted(status(200));
    await runFlow(defineScheme(token), next)(URL_A);
    expect(sent(next, "authorization")).toEqual(["Token 123"]);
    const response = runFlowSync(defineScheme(token), new Request(URL_A), (request) => {
      expect(request.headers.get("authorization")).toBe("Token 123");
      return status(204);
    });
    expect(response.status).toBe(204);
  });

  it("has the members of the scheme, its name among them", () => {
    const origins = ["https://a.test"];
    const scheme: AuthScheme = { ...token, scope: "origin", origins, requiresRequestBody: true };
    const { name, sendsOnce, scope, origins: bound, requiresRequestBody, requiresResponseBody } = defineScheme(scheme);
    expect([name, sendsOnce, scope, bound]).toEqual(["token", true, "origin", origins]);
    expect([requiresRequestBody, requiresResponseBody]).toEqual([true, undefined]);
  });

  it("is given back as it is when it is defined again", () => {
    const scheme = defineScheme(token);
    expect(defineScheme(scheme)).toBe(scheme);
  });

  it("takes the options of the runner beside the fetch", async () => {
    const seen: (number | undefined)[] = [];
    const onExchange = ({ response }: { response: { status: number } | undefined }): number =>
      seen.push(response?.status);
    await defineScheme(token)(scripted(status(200)), { onExchange })(URL_A);
    expect(seen).toEqual([200]);
    expect(() => defineScheme(token)(fetch, { replayLimit: -1 })).toThrow(/replayLimit/);
  });

  it("lets another scheme run its flow with yield*", async () => {
    const inner = defineScheme(token);
    const outer = defineScheme({
      name: "outer",
      *authFlow(request, context) {
        request.headers.set("x-outer", "1");
        if (inner.authFlow) yield* inner.authFlow(request, context) as SyncFlow;
      },
    });
    const next = scripted(status(200));
    await outer(next)(URL_A);
    expect([sent(next, "x-outer"), sent(next, "authorization")]).toEqual([["1"], ["Token 123"]]);
  });
});

describe("a class instance is a scheme as it stands", () => {
  it("is not copied: private fields, prototype methods and computed flags work on the object itself", async () => {
    const next = scripted(new Response("four"), status(200), new Response("four"), status(200));
    const authFetch = defineScheme(new Counting())(next);
    await authFetch(URL_A);
    await authFetch(URL_A);
    expect(sent(next, "x-count")).toEqual(["1", "1", "2", "2"]);
    expect(sent(next, "x-length")).toEqual([null, "4", null, null]);
  });

  it("is asked for a flag each time, and a function among the flags keeps its object", async () => {
    class Asking implements AuthScheme {
      readonly name = "asking";
      asked = 0;
      requiresRequestBody(): boolean {
        this.asked++;
        return true;
      }
      *authFlow(request: Request & { content: Uint8Array }): SyncFlow {
        request.headers.set("x-length", String(request.content.length));
        yield request;
      }
    }
    const asking = new Asking();
    const next = scripted(status(200));
    await defineScheme(asking)(next)(URL_A, { method: "POST", body: "four" });
    expect(sent(next, "x-length")).toEqual(["4"]);
    expect(asking.asked).toBe(1);
  });

  it("may be used without defineScheme, and inherit its flow", async () => {
    class Inheriting extends Counting {}
    const next = scripted(status(200), status(200));
    await runFlow(new Inheriting(), next)(URL_A);
    expect(sent(next, "x-count")).toEqual(["1", "1"]);
  });
});

describe("a function is a scheme: what it returns is sent, once", () => {
  it("may change the request that it is given", async () => {
    const next = scripted(status(401));
    const scheme = defineScheme((request) => {
      request.headers.set("authorization", "Token 123");
      return request;
    });
    const response = await scheme(next)(URL_A, { method: "POST", body: "text" });
    expect([response.status, sent(next, "authorization")]).toEqual([401, ["Token 123"]]);
    expect(await next.requests[0]?.text()).toBe("text");
  });

  it("may wait", async () => {
    const next = scripted(status(200));
    await defineScheme(async (request) => {
      await Promise.resolve();
      return new Request(request, { headers: { authorization: "Token later" } });
    })(next)(URL_A);
    expect(sent(next, "authorization")).toEqual(["Token later"]);
  });

  it("may return another Request: that is what is sent, and its response is the call's", async () => {
    const next = scripted(status(418));
    const response = await defineScheme(() => new Request("https://b.test/y", { method: "PUT", body: "own" }))(next)(
      URL_A,
    );
    expect(response.status).toBe(418);
    expect([next.requests[0]?.url, next.requests[0]?.method, await next.requests[0]?.text()]).toEqual([
      "https://b.test/y",
      "PUT",
      "own",
    ]);
  });

  it("has its own name, or one that says what it is", () => {
    expect(
      defineScheme(function signed(request: Request) {
        return request;
      }).name,
    ).toBe("signed");
    expect(defineScheme((request) => request).name).toBe("auth function");
  });

  it("is sent nothing for when it throws or returns no Request", async () => {
    const next = scripted();
    const failing = defineScheme(() => {
      throw new RangeError("no token");
    });
    await expect(failing(next)(URL_A)).rejects.toThrow(RangeError);
    const empty = defineScheme((() => undefined) as unknown as (request: Request) => Request);
    await expect(empty(next)(URL_A)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_REQUEST" });
    expect(next.requests).toEqual([]);
  });

  it("that waits can't run synchronously, and says so", () => {
    const waiting = defineScheme(async (request) => request);
    expect(() => runFlowSync(waiting, new Request(URL_A), () => status(200))).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_FLOW_KIND" }),
    );
  });
});

describe("what is no scheme is refused at once, by an error that says what one is", () => {
  const stub = async (): Promise<Response> => status(200);
  const flow = function* (request: Request): SyncFlow {
    yield request;
  };

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a string", "basic"],
    ["an array of credentials", ["user", "password"]],
    ["an object without a flow", { name: "x" }],
    ["an object without a name", { authFlow: flow }],
    ["an empty name", { name: "", authFlow: flow }],
    ["a name that is no text", { name: 1, authFlow: flow }],
    ["a flow that is no function", { name: "x", authFlow: "yield" }],
    ["a scope that is none", { name: "x", authFlow: flow, scope: "host" }],
  ])("%s", (_, value) => {
    expect(() => defineScheme(value as AuthScheme)).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_SCHEME" }),
    );
    expect(() => runFlow(value as AuthScheme, fetch)).toThrow(/A scheme is an object with a `name`/);
  });

  it.each([
    ["a pair", ["user", "password"], "A scheme can't be a pair, which createAuthFetch takes."],
    ["the global fetch", fetch, '"fetch" is a fetch.'],
    ["a wrapped fetch", defineScheme((request) => request)(stub), '"stub" is a fetch.'],
  ])("%s, by a sentence of its own", (_, value, sentence) => {
    expect(() => defineScheme(value as unknown as AuthScheme)).toThrow(sentence);
  });

  it("a function that makes schemes, where a scheme is due", () => {
    const makes = (): AuthScheme => defineScheme((request) => request);
    expect(() => runFlow(makes as unknown as AuthScheme, fetch)).toThrow(
      '"makes" has no authFlow. A scheme is an object with a `name` and an `authFlow` generator, such as basic(options) makes',
    );
  });

  it("a flow that is no generator is refused when it is called", async () => {
    const scheme = { name: "plain", authFlow: (request: Request) => [request] } as unknown as AuthScheme;
    await expect(runFlow(scheme, scripted())(URL_A)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_SCHEME" });
  });
});

describe("syncAuthFlow and asyncAuthFlow, as in HTTPX", () => {
  class Both implements AuthScheme {
    readonly name = "both";
    *syncAuthFlow(request: Request): SyncFlow {
      request.headers.set("authorization", "sync-auth");
      yield request;
    }
    async *asyncAuthFlow(request: Request): AsyncFlow {
      request.headers.set("authorization", "async-auth");
      yield request;
    }
  }

  it("runFlow takes the one, runFlowSync the other", async () => {
    const next = scripted(status(200));
    await defineScheme(new Both())(next)(URL_A);
    expect(sent(next, "authorization")).toEqual(["async-auth"]);
    runFlowSync(defineScheme(new Both()), new Request(URL_A), (request) => {
      expect(request.headers.get("authorization")).toBe("sync-auth");
      return status(200);
    });
  });

  it("each goes before authFlow, which serves the other runner", async () => {
    const scheme: AuthScheme = {
      name: "mixed",
      *authFlow(request) {
        request.headers.set("authorization", "plain");
        yield request;
      },
      async *asyncAuthFlow(request) {
        request.headers.set("authorization", "async-auth");
        yield request;
      },
    };
    const next = scripted(status(200));
    await defineScheme(scheme)(next)(URL_A);
    expect(sent(next, "authorization")).toEqual(["async-auth"]);
    runFlowSync(scheme, new Request(URL_A), (request) => {
      expect(request.headers.get("authorization")).toBe("plain");
      return status(200);
    });
  });

  it("a runner that finds only the other kind says so in an error that names the remedy", async () => {
    const both = new Both();
    const onlySync = defineScheme({ name: "only sync", syncAuthFlow: (request) => both.syncAuthFlow(request) });
    await expect(onlySync(scripted())(URL_A)).rejects.toThrow(/"only sync" has only a syncAuthFlow.*runFlowSync/);
    const onlyAsync: AuthScheme = { name: "only async", asyncAuthFlow: (request) => both.asyncAuthFlow(request) };
    expect(() => runFlowSync(onlyAsync, new Request(URL_A), () => status(200))).toThrow(/Use it with runFlow/);
  });
});
