import { setImmediate } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DUE, ENDED, FRESH, type Freshness, freshnessOf } from "./freshness.ts";
import { API, json, serving, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import { clientCredentials, OAuth2Error, refreshToken } from "./index.ts";

/** Calls, expiries and trouble in any order, where every request takes its own time. */
const journeys = fc.record({
  scheduler: fc.scheduler(),
  steps: fc.array(fc.constantFrom("call", "call", "call", "abort", "expire", "trouble"), {
    minLength: 1,
    maxLength: 30,
  }),
});

describe("whatever comes first", () => {
  it("spends each refresh token once, one at a time, sends each call at most twice, and loses none to others", async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async ({ scheduler, steps }) => {
        let working = 0;
        let most = 0;
        let expiries = 0;
        let trouble = 0;
        const server = serving({
          onToken: () => {
            most = Math.max(most, ++working);
            if (trouble === 0) return undefined;
            trouble--;
            return json({ error: "invalid_client" }, 401);
          },
        });
        const network = scheduler.scheduleFunction(async (url: string | Request, init?: RequestInit) => {
          const response = await server(url, init);
          if (url === TOKEN_ENDPOINT) working--;
          return response;
        });
        const scheme = refreshToken({
          tokenEndpoint: TOKEN_ENDPOINT,
          clientId: "app",
          tokens: server.login(),
          backOff: 0,
        });
        const authFetch = scheme((url: string, init?: RequestInit) => network(url, init));

        const calls: Promise<number>[] = [];
        const aborted = new Set<number>();
        let troubles = 0;
        const script = steps.map((step, index) => async (): Promise<void> => {
          if (step === "expire") {
            expiries++;
            server.expire();
          } else if (step === "trouble") {
            troubles++;
            trouble++;
          } else {
            const controller = new AbortController();
            if (step === "abort") {
              aborted.add(calls.length);
              queueMicrotask(() => controller.abort());
            }
            calls.push(authFetch(`${API}${index}`, { signal: controller.signal }).then(({ status }) => status));
          }
        });
        let ended = false;
        const { task } = scheduler.scheduleSequence(script);
        const ending = task.then(async () => {
          const settled = await Promise.allSettled(calls);
          ended = true;
          return settled;
        });
        // Bodies are read in turns of the event loop, of which the scheduler knows nothing.
        while (!ended) {
          await scheduler.waitIdle();
          await setImmediate();
        }
        const outcomes = await ending;

        expect(most).toBeLessThanOrEqual(1);
        expect(server.reused).toBe(0);
        for (const [index, outcome] of outcomes.entries()) {
          if (aborted.has(index)) expect(outcome.status).toBe("rejected");
          else if (outcome.status === "rejected") {
            expect(troubles).toBeGreaterThan(0);
            expect(outcome.reason).toMatchObject({ error: "invalid_client" });
          }
        }
        // A 401 that comes back is that of a token which expired on the way, too.
        if (expiries <= 1) expect(outcomes).not.toContainEqual({ status: "fulfilled", value: 401 });
        expect(server.forms.length).toBeLessThanOrEqual(1 + expiries + troubles);
        expect(server.authorizations.length).toBeLessThanOrEqual(2 * calls.length);
      }),
      { numRuns: process.env["CI"] ? 500 : 100 },
    );
  });
});

describe("freshnessOf", () => {
  const instants = fc.integer({ min: 0, max: 2e12 });
  it("only gets worse, is late for a quarter of a life at most, and ended from the end on", () => {
    fc.assert(
      fc.property(
        instants,
        fc.nat(1e8),
        fc.nat(2e8),
        fc.nat(1e6),
        fc.nat(1e6),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (issuedAt, lifetime, after, later, early, jitter) => {
          const tokens = { accessToken: "a", issuedAt, expiresAt: issuedAt + lifetime };
          const at = (now: number): Freshness => freshnessOf(tokens, now, early, jitter);
          expect(at(issuedAt + after)).toBeLessThanOrEqual(at(issuedAt + after + later));
          expect(at(issuedAt + lifetime)).toBe(ENDED);
          if (lifetime > 0) expect(at(issuedAt + lifetime * 0.49)).toBe(FRESH);
          if (lifetime > 0) expect(at(issuedAt + lifetime * 0.74)).toBeLessThanOrEqual(DUE);
        },
      ),
    );
  });
});

describe("whatever a token endpoint answers", () => {
  it("is a token that is sent as it is, or a typed error in time", async () => {
    const members = fc.record(
      {
        access_token: fc.oneof(fc.string(), fc.jsonValue()),
        token_type: fc.oneof(fc.constantFrom("Bearer", "bearer", "mac"), fc.jsonValue()),
        expires_in: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.jsonValue()),
        refresh_token: fc.jsonValue(),
        scope: fc.jsonValue(),
        id_token: fc.jsonValue(),
        error: fc.option(fc.jsonValue()),
        error_description: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      members.map((body) => JSON.stringify(body)),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 404, 429, 500, 503),
        async (body, status) => {
          const sent: (string | null)[] = [];
          const server = serving({
            onToken: () => new Response(status === 204 ? null : body, { status }),
            onApi: (_, authorization) => {
              sent.push(authorization);
              return new Response();
            },
          });
          const call = clientCredentials({
            tokenEndpoint: TOKEN_ENDPOINT,
            clientId: "app",
            clientSecret: "s",
            timeLimit: 1,
          })(server)(API);
          const outcome: unknown = await call.catch((error: unknown) => error);
          if (outcome instanceof Response) {
            const { access_token: token } = JSON.parse(body) as { access_token: string };
            expect(sent).toEqual([`Bearer ${token}`.trim()]);
          } else {
            expect(outcome).toBeInstanceOf(OAuth2Error);
            expect(sent).toEqual([]);
          }
        },
      ),
      { numRuns: process.env["CI"] ? 2000 : 300 },
    );
  });
});
