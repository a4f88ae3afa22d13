import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { challenge } from "./fixtures/messages.ts";
import { bearer } from "./index.ts";

const TARGET = "https://example.com/";

/** Calls and expiries in any order, where every request and every answer of the function takes its own time. */
const journeys = fc.record({
  scheduler: fc.scheduler(),
  steps: fc.array(fc.constantFrom("call", "call", "call", "abort", "expire"), { minLength: 1, maxLength: 30 }),
});

describe("whatever comes first", () => {
  it("asks once for each token that expired, never twice at a time, and sends each call at most twice", async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async ({ scheduler, steps }) => {
        let expiries = 0;
        let asked = 0;
        let working = 0;
        const seen = new Map<string, string[]>();
        const source = scheduler.scheduleFunction(async () => `t${expiries}`);
        const server = scheduler.scheduleFunction(async (url: string, { headers }: RequestInit) => {
          const credentials = new Headers(headers).get("authorization") ?? "";
          seen.set(url, [...(seen.get(url) ?? []), credentials]);
          return credentials === `Bearer t${expiries}` ? new Response() : challenge('Bearer error="invalid_token"');
        });
        const authFetch = bearer(async () => {
          asked++;
          expect(++working).toBe(1);
          const token = await source();
          working--;
          return token;
        })((url: string, init: RequestInit = {}) => server(url, init));

        const calls: Promise<number>[] = [];
        const aborted = new Set<number>();
        const script = steps.map((step, index) => async (): Promise<void> => {
          if (step === "expire") {
            expiries++;
            return;
          }
          const controller = new AbortController();
          const call = authFetch(`${TARGET}${index}`, { signal: controller.signal });
          if (step === "abort") {
            aborted.add(calls.length);
            queueMicrotask(() => controller.abort());
          }
          calls.push(call.then(({ status }) => status));
        });
        void scheduler.scheduleSequence(script);
        const outcomes = (async (): Promise<PromiseSettledResult<number>[]> => {
          await scheduler.waitIdle();
          return Promise.allSettled(calls);
        })();

        for (const [index, outcome] of (await outcomes).entries()) {
          if (aborted.has(index)) expect(outcome.status).toBe("rejected");
          else expect(outcome).toMatchObject({ status: "fulfilled" });
        }
        for (const credentials of seen.values()) {
          expect(credentials.length).toBeLessThanOrEqual(2);
          expect(new Set(credentials).size).toBe(credentials.length);
        }
        expect(asked).toBeLessThanOrEqual(1 + expiries);
        // A 401 that comes back is that of a token which expired on the way, too: with one expiry there is none.
        if (expiries <= 1) expect(await outcomes).not.toContainEqual({ status: "fulfilled", value: 401 });
      }),
      { numRuns: 300 },
    );
  });
});
