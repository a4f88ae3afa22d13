import { describe, expect, it } from "vitest";
import { failureOf } from "./fixtures/failure.ts";
import { answeringScheme, headerScheme, tokenScheme } from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import { type Exchange, exchangesOf, runFlow, type RunOptions } from "./index.ts";

const URL_A = "https://a.test/x";
const answer = (status: number, headers: HeadersInit = {}): Response => new Response(null, { status, headers });

describe("onExchange", () => {
  const observed = (next: typeof fetch, options: RunOptions): typeof fetch => runFlow(answeringScheme(), next, options);

  it("sees each exchange as it ends, before the flow goes on", async () => {
    const order: string[] = [];
    const next: typeof fetch = async () => {
      order.push("sent");
      return answer(order.length === 1 ? 401 : 200);
    };
    const authFetch = observed(next, { onExchange: ({ response }) => order.push(`saw ${response?.status}`) });
    const response = await authFetch(URL_A);
    order.push("returned");
    expect(order).toEqual(["sent", "saw 401", "sent", "saw 200", "returned"]);
    expect(response.status).toBe(200);
  });

  it("sees the very exchanges that the history tells, side requests and failures too", async () => {
    const seen: Exchange[] = [];
    const next = scripted(answer(200, { "x-issued": "t1" }), new TypeError("fetch failed"));
    const error = await failureOf(
      runFlow(tokenScheme(), next, { onExchange: (exchange) => seen.push(exchange) })(URL_A),
    );
    expect(seen).toEqual(exchangesOf(error));
    expect(seen.map(({ side, error: lost }) => [side, lost !== undefined])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it.each([
    ["side by side", (next: typeof fetch): typeof fetch => next],
    [
      "with a layer in between",
      (next: typeof fetch): typeof fetch =>
        (input, init) =>
          next(input, { ...init }),
    ],
  ])("of nested wrappers, %s: each sees every exchange once, the outer one first", async (_, layer) => {
    const seen: string[] = [];
    const note = (who: string): RunOptions => ({
      onExchange: ({ response }) => seen.push(`${who} ${response?.status}`),
    });
    const inner = runFlow(headerScheme(), scripted(answer(401), answer(200)), note("inner"));
    await observed(layer(inner), note("outer"))(URL_A);
    expect(seen).toEqual(["outer 401", "inner 401", "outer 200", "inner 200"]);
  });

  it("does no harm by what it throws, which is reported as an uncaught error", async () => {
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    const uncaught = new Promise((resolve) => {
      process.once("uncaughtException", resolve);
    });
    try {
      const thrown = new RangeError("observer");
      const response = await observed(scripted(answer(200)), {
        onExchange: () => {
          throw thrown;
        },
      })(URL_A);
      expect(response.status).toBe(200);
      expect(await uncaught).toBe(thrown);
    } finally {
      for (const listener of listeners) process.on("uncaughtException", listener);
    }
  });
});
