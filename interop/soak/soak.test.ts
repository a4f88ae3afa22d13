import { describe, expect, it } from "vitest";
import { API_KEY } from "./accounts.ts";
import { counted } from "./generators.ts";
import { memoryProblem } from "./memory.ts";
import { judgeError, judgeResponse } from "./outcome.ts";
import { planOf, type Plan, type Told } from "./plan.ts";
import { Servers } from "./servers.ts";
import { soak } from "./soak.ts";
import type { Subject } from "./subjects.ts";

const plan: Plan = {
  id: 1,
  subject: "basic",
  method: "PUT",
  body: { kind: "text", bytes: 10 },
  faults: ["none"],
  redirect: null,
  answer: 10,
  abortAfter: undefined,
};
const subject: Subject = { wants: "basic", fetch, mayBeRefused: false, shares: false };
const nothing = new Error("The caller gave up.");

describe("the soak", () => {
  // 10,000 calls are `npm run soak`, a check of its own; these show that it works.
  it("finds nothing wrong in its first calls, and has met what goes wrong", { timeout: 120_000 }, async () => {
    const { calls, problems, seen, generators } = await soak({ requests: 150, seed: 3, seconds: 60 });
    expect(problems.filter((problem) => !problem.includes("connections at once"))).toEqual([]); // too few to compare
    expect(calls).toBe(150);
    expect(Object.keys(seen.faults).length).toBeGreaterThan(5);
    expect(seen.away).toBeGreaterThan(0);
    expect(generators.made).toBeGreaterThan(100);
  });

  it("makes the same calls from the same seed", () => {
    const plans = (seed: number): Plan[] => {
      let state = seed;
      const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
      return Array.from({ length: 50 }, (_, id) => planOf(id, ["a", "b"], random));
    };
    expect(plans(7)).toEqual(plans(7));
    expect(plans(7)).not.toEqual(plans(8));
    const stalled = plans(7).filter(({ faults }) => faults.some((fault) => fault.startsWith("stalls")));
    expect(stalled.every(({ abortAfter }) => abortAfter !== undefined)).toBe(true);
  });
});

describe("what the soak would see", () => {
  const urlOf = (home: string, told: Partial<Told>): string => {
    const whole = {
      id: 1,
      wants: "nothing",
      faults: [],
      redirect: null,
      returns: false,
      answer: 1,
      sha256: "",
      ...told,
    };
    return `${home}/?plan=${encodeURIComponent(JSON.stringify(whole))}`;
  };

  it("is a credential at another origin, as the platform's fetch sends it along", async () => {
    await using servers = await Servers.start();
    const url = urlOf(servers.origins.home, { redirect: { status: 302, way: "away" } });
    await fetch(`${url}&api_key=${API_KEY}`, { headers: { "x-api-key": API_KEY } });
    expect((await servers.seen()).wrong).toEqual([
      expect.stringMatching(/^x-api-key, the word pl4nted at another origin/) as string,
    ]);
  });

  it("is a body that was cut and looks whole", async () => {
    await using servers = await Servers.start();
    await fetch(urlOf(servers.origins.home, { sha256: "of another one" }), { method: "PUT", body: "cut" });
    expect((await servers.seen()).wrong).toEqual(["the body of call 1 looks whole, with 3 bytes, and isn't"]);
  });

  it("is a generator that is left, and one that ends in any way is none", async () => {
    const tally = { made: 0, finished: 0 };
    const scheme = counted(
      {
        name: "test",
        *authFlow(request: Request) {
          yield request;
          yield request;
        },
      },
      tally,
    );
    const request = new Request("https://example.com/");
    const flows = Array.from({ length: 4 }, () => scheme.authFlow?.(request as never, {} as never) as Generator);
    const [run, returned, thrown, left] = flows;
    for (const flow of flows) flow.next();
    run?.next();
    run?.next();
    returned?.return(undefined);
    expect(() => thrown?.throw(new Error("x"))).toThrow("x");
    left?.next();
    expect(tally).toEqual({ made: 4, finished: 3 });
  });

  it("is memory that grows", () => {
    const megabytes = (...values: readonly number[]): number[] => values.map((value) => value * 1024 * 1024);
    expect(memoryProblem(megabytes(20, 21, 20, 21, 21, 20, 21, 21, 22))).toEqual([]);
    expect(memoryProblem(megabytes(30, 30, 30, 20, 20, 20, 23, 23, 23))).toHaveLength(1);
    expect(memoryProblem(megabytes(20, 21, 22, 23, 24, 25, 26, 27, 28))).toEqual([
      "27.0 MiB are in use in the last third, after 21.0",
    ]);
  });

  it.each([
    ["a refusal without a reason", new Response(null, { status: 401 }), /refused without a reason/],
    ["another status", new Response(null, { status: 500 }), /status 500/],
    ["a response that is cut and looks whole", new Response("{}", { headers: { "x-sha256": "0" } }), /looks whole/],
  ])("is %s", async (_, response, why) => {
    expect(await judgeResponse(response, plan, subject, "")).toEqual({
      outcome: "wrong",
      why: expect.stringMatching(why) as string,
    });
  });

  it.each([
    ["an error that is nobody's", new Error("what?"), plan, "wrong"],
    ["an error for no reason", new TypeError("fetch failed"), plan, "wrong"],
    ["an abort that nobody made", nothing, plan, "wrong"],
    [
      "nothing wrong: an error of the platform at a fault",
      new TypeError("fetch failed"),
      { ...plan, faults: ["resets"] },
      "platform's error",
    ],
    ["nothing wrong: an abort", nothing, { ...plan, abortAfter: 1 }, "aborted"],
  ] as const)("is %s", (_, error, made, outcome) => {
    expect(judgeError(error, made, subject, nothing)).toMatchObject({ outcome });
  });
});
