// A scheme has one of authFlow, as either kind of generator, or syncAuthFlow and/or asyncAuthFlow.
import { describe, expect, it } from "vitest";
import { rejection, thrown } from "../fixtures/outcome.ts";
import { type AuthScheme, defineScheme, isAuthError, runFlow, runFlowSync } from "../index.ts";

const CALL = "https://example.com/";

/** A flow of each kind, which says its own name in what it sends. */
const sync = (name: string): NonNullable<AuthScheme["syncAuthFlow"]> =>
  function* (request) {
    request.headers.set("authorization", name);
    yield request;
  };
const async = (name: string): NonNullable<AuthScheme["asyncAuthFlow"]> =>
  async function* (request) {
    await Promise.resolve();
    request.headers.set("authorization", name);
    yield request;
  };

const name = "test";
const syncOnly: AuthScheme = { name, syncAuthFlow: sync("syncAuthFlow") };
const asyncOnly: AuthScheme = { name, asyncAuthFlow: async("asyncAuthFlow") };
const both: AuthScheme = { ...syncOnly, ...asyncOnly };
const syncFlow: AuthScheme = { name, authFlow: sync("authFlow") };
const asyncFlow: AuthScheme = { name, authFlow: async("authFlow") };

/** What the flow that the asynchronous runner took says of itself. */
async function asynchronous(scheme: AuthScheme): Promise<string | null> {
  let sent: string | null = null;
  const next = async (_: string, init?: RequestInit): Promise<Response> => {
    sent = new Headers(init?.headers).get("authorization");
    return new Response("ok");
  };
  await runFlow(scheme, next)(CALL);
  return sent;
}

/** What the flow that the synchronous runner took says of itself. */
function synchronous(scheme: AuthScheme): string | null {
  let sent: string | null = null;
  runFlowSync(scheme, new Request(CALL), (request) => {
    sent = request.headers.get("authorization");
    return new Response("ok");
  });
  return sent;
}

describe("runFlow takes", () => {
  it.each([
    { of: "a function*", scheme: syncFlow, takes: "authFlow" },
    { of: "an async function*", scheme: asyncFlow, takes: "authFlow" },
    { of: "a scheme that has that only", scheme: asyncOnly, takes: "asyncAuthFlow" },
    { of: "a scheme that has both one-sided flows", scheme: both, takes: "asyncAuthFlow" },
    { of: "a scheme that has authFlow, too", scheme: { ...syncFlow, ...asyncOnly }, takes: "asyncAuthFlow" },
    { of: "a scheme that has syncAuthFlow, too", scheme: { ...asyncFlow, ...syncOnly }, takes: "authFlow" },
  ])("$takes, of $of", async ({ scheme, takes }) => {
    expect(await asynchronous(scheme)).toBe(takes);
    expect(await asynchronous(defineScheme(scheme))).toBe(takes);
  });

  it("nothing of a scheme that has only syncAuthFlow: ERR_AUTHFLOW_FLOW_KIND, which says what would help", async () => {
    const error = await rejection(asynchronous(syncOnly));

    expect(isAuthError(error, "ERR_AUTHFLOW_FLOW_KIND")).toBe(true);
    expect(error.message).toContain('"test" has only a syncAuthFlow');
    expect(error.message).toContain("runFlowSync");
  });
});

describe("runFlowSync takes", () => {
  it.each([
    { of: "a function*", scheme: syncFlow, takes: "authFlow" },
    { of: "a scheme that has that only", scheme: syncOnly, takes: "syncAuthFlow" },
    { of: "a scheme that has both one-sided flows", scheme: both, takes: "syncAuthFlow" },
    { of: "a scheme that has an async authFlow, too", scheme: { ...asyncFlow, ...syncOnly }, takes: "syncAuthFlow" },
    { of: "a scheme that has asyncAuthFlow, too", scheme: { ...syncFlow, ...asyncOnly }, takes: "authFlow" },
  ])("$takes, of $of", ({ scheme, takes }) => {
    expect(synchronous(scheme)).toBe(takes);
    expect(synchronous(defineScheme(scheme))).toBe(takes);
  });

  it.each([
    { of: "an async authFlow", scheme: asyncFlow },
    { of: "a scheme that has asyncAuthFlow only", scheme: asyncOnly },
    {
      of: "a function that returns a promise",
      scheme: defineScheme(async function test(request: Request) {
        return request;
      }),
    },
    {
      of: "a function whose promise rejects",
      scheme: defineScheme(async function test() {
        throw new Error("no token");
      }),
    },
  ])("nothing of $of: ERR_AUTHFLOW_FLOW_KIND, which says what would help", ({ scheme }) => {
    const error = thrown(() => synchronous(scheme));

    expect(isAuthError(error, "ERR_AUTHFLOW_FLOW_KIND")).toBe(true);
    expect(error.message).toContain('"test" has no flow that runs synchronously');
    expect(error.message).toContain("syncAuthFlow");
  });

  it("a function that returns a Request", () => {
    const signs = defineScheme((request: Request) => {
      request.headers.set("authorization", "function");
      return request;
    });
    expect(synchronous(signs)).toBe("function");
  });
});

describe("an authFlow that is no generator", () => {
  const cases = [
    { what: "a plain function that returns the request", authFlow: (request: Request) => request },
    { what: "an async function that returns the request", authFlow: async (request: Request) => request },
    { what: "a function that returns an array", authFlow: (request: Request) => [request] },
    { what: "a function that returns an array's iterator", authFlow: (request: Request) => [request].values() },
  ];

  it.each(cases)("is ERR_AUTHFLOW_INVALID_SCHEME, which shows how to write it: $what", async ({ authFlow }) => {
    const scheme = { name: "test", authFlow } as unknown as AuthScheme;

    const errors = [await rejection(asynchronous(scheme)), thrown(() => synchronous(scheme))];

    for (const error of errors) {
      expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_SCHEME")).toBe(true);
      expect(error.message).toContain("*authFlow(request)");
    }
  });
});
