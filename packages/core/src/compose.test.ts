import { defineScheme, type Fetch } from "@authflow/flow";
import { describe, expect, test } from "vitest";
import { recordingFetch } from "./fixtures/recording-fetch.ts";
import { compose, createAuthFetch } from "./index.ts";

const adds = (name: string, value: string) =>
  defineScheme((request) => {
    request.headers.set(name, value);
    return request;
  });

/** A middleware that says when a call comes in and goes out. */
const traced =
  (name: string, trace: string[]) =>
  (next: Fetch): Fetch =>
  async (input, init) => {
    trace.push(`${name} in`);
    const response = await next(input, init);
    trace.push(`${name} out`);
    return response;
  };

describe("compose", () => {
  test("puts the first one outermost: compose(a, b, c)(fetch) is a(b(c(fetch)))", async () => {
    const trace: string[] = [];
    const { fetch } = recordingFetch();
    await compose(traced("a", trace), traced("b", trace), traced("c", trace))(fetch)("https://example.com/");
    expect(trace).toEqual(["a in", "b in", "c in", "c out", "b out", "a out"]);
  });

  test("gives back what it is given, of no middleware", () => {
    const { fetch } = recordingFetch();
    expect(compose()(fetch)).toBe(fetch);
  });

  test("gives back what the one middleware gives", () => {
    const { fetch } = recordingFetch();
    const made = recordingFetch().fetch;
    expect(compose(() => made)(fetch)).toBe(made);
  });

  test("runs the flows of all schemes in one call", async () => {
    const { fetch, calls } = recordingFetch();
    await compose(adds("x-a", "1"), adds("x-b", "2"), adds("x-c", "3"))(fetch)("https://example.com/");
    expect(calls.map(({ headers }) => ["x-a", "x-b", "x-c"].map((name) => headers.get(name)))).toEqual([
      ["1", "2", "3"],
    ]);
  });

  test("can be used again and again, and inside another", async () => {
    const { fetch, calls } = recordingFetch();
    const both = compose(adds("x-a", "1"), adds("x-b", "2"));
    await both(fetch)("https://example.com/");
    await compose(both, adds("x-c", "3"))(fetch)("https://example.com/");
    expect(calls.map(({ headers }) => headers.get("x-b"))).toEqual(["2", "2"]);
    expect(calls.map(({ headers }) => headers.get("x-c"))).toEqual([null, "3"]);
  });

  test("stands around an AuthFetch, and under one", async () => {
    const { fetch, calls } = recordingFetch();
    const around = compose(adds("x-a", "1"))(createAuthFetch({ auth: ["a", "b"], fetch }));
    const under = createAuthFetch({ auth: ["a", "b"], fetch: compose(adds("x-a", "1"))(fetch) });
    for (const authFetch of [around, under]) await authFetch("https://example.com/");
    for (const { headers } of calls) {
      expect(headers.get("x-a")).toBe("1");
      expect(headers.get("authorization")).toMatch(/^Basic /);
    }
    expect(calls).toHaveLength(2);
  });

  const { fetch: echo } = recordingFetch();

  test.each([
    ["null", null],
    ["undefined", undefined],
    ["a text", "basic"],
    ["a scheme that is no middleware yet", { name: "literal", *authFlow() {} }],
    ["the global fetch", globalThis.fetch],
    ["a fetch that a scheme wraps", adds("x-a", "1")(echo)],
  ])("refuses at once %s, and says what it takes", (_, wrong) => {
    expect(() => compose(adds("x-a", "1"), wrong as never)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message:
          "Middleware 2 of compose is no (next) => fetch. defineScheme makes one of a scheme; a fetch goes last: compose(a, b)(fetch).",
      }),
    );
  });

  test.each([
    [1, compose(echo as never, adds("x-a", "1"))],
    [2, compose(adds("x-a", "1"), echo as never)],
    [2, compose(adds("x-a", "1"), (async () => Promise.reject(new Error("no URL"))) as never)],
  ])("says, when it is applied, that middleware %i is a fetch and not what makes one", (number, both) => {
    expect(() => (both as (next: Fetch) => Fetch)(echo)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: `Middleware ${number} of compose gave object. It takes a fetch and returns one.`,
      }),
    );
  });
});
