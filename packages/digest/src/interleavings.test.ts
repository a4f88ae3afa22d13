import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inProcess } from "./fixtures/in-process.ts";
import { answerIn } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USER = { username: "user", password: "password123" };

/** Every nonce with its count, as it was used. */
function uses(authorizations: readonly (string | null)[]): string[] {
  return authorizations.flatMap((authorization) => {
    const answer = authorization === null ? undefined : answerIn({ headers: new Headers({ authorization }) });
    return answer?.["nc"] === undefined ? [] : [`${answer["nonce"]} ${answer["nc"]}`];
  });
}

describe("under any interleaving of calls and answers", () => {
  // What a run is made of: how many calls begin together, in which order what is under way arrives, and how nonces live.
  const runs = fc.record({
    waves: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
    order: fc.infiniteStream(fc.nat()),
    nonceUses: fc.constantFrom(Infinity, 1, 2, 5),
    nextNonceEvery: fc.constantFrom(Infinity, 1, 3),
    stale: fc.boolean(),
    // Servers that make nonces of the time give the same one to all who ask at once, and may come back to an earlier one.
    nonces: fc.constantFrom(1, 2, 3, Infinity),
    algorithm: fc.constantFrom("MD5", "SHA-256-sess"),
    handshakeTimeout: fc.constantFrom(0, 1000),
  });

  it("no count of a nonce is used twice (RFC 7616 §3.4, nc)", async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ waves, order, nonces, algorithm, handshakeTimeout, ...rules }) => {
        let issued = 0;
        const nonce = (): string => `n${Number.isFinite(nonces) ? issued++ % nonces : issued++}`;
        const arrange = <T>(batch: readonly T[]): T[] =>
          batch
            .map((one): [number, T] => [Number(order.next().value), one])
            .toSorted(([a], [b]) => a - b)
            .map(([, one]) => one);
        const server = inProcess({ ...rules, counts: "unseen", nonce, algorithms: [algorithm] }, arrange);
        const authFetch = digest({ ...USER, handshakeTimeout })(server.fetch);
        for (const calls of waves) {
          await Promise.all(Array.from({ length: calls }, () => authFetch("https://example.com/")));
        }
        const all = uses(server.authorizations);
        expect(all.length).toBeGreaterThan(0);
        expect(new Set(all).size).toBe(all.length);
        // The server judges each answer by itself; what it refuses is never how it was written or computed.
        for (const { status, reason } of server.verdicts) {
          expect([status, reason]).not.toEqual([400, expect.anything()]);
          expect(reason).not.toMatch(/wrong|before/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("every call gets through within the bounded number of answers, as long as nonces last for a use", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.boolean(), async (calls, isReversed) => {
        const server = inProcess({ counts: "unseen", nonceUses: 3 }, (batch) =>
          isReversed ? batch.toReversed() : batch,
        );
        const authFetch = digest(USER)(server.fetch);
        const responses = await Promise.all(Array.from({ length: calls }, () => authFetch("https://example.com/")));
        expect(server.verdicts.length).toBeLessThanOrEqual(calls * 4);
        for (const { status } of responses) expect(status).toBe(200);
      }),
      { numRuns: 50 },
    );
  });
});
