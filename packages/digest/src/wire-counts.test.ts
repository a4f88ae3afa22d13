import { digestServer, type DigestServer, type DigestServerOptions } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { paramsIn } from "./fixtures/messages.ts";
import { digest, type DigestOptions } from "./index.ts";

const USER = { username: "finley", password: "secret" };

type Get = (path: string) => Promise<number>;

/** Runs calls against a strict server, and tells how many requests it got and how the calls ended. */
async function against(
  rules: DigestServerOptions,
  calls: (get: Get, server: DigestServer) => Promise<unknown>,
  options: Partial<DigestOptions> = {},
): Promise<{ wire: number; statuses: unknown; refusals: readonly string[]; server: DigestServer }> {
  await using server = await digestServer(rules);
  const authFetch = digest({ ...USER, ...options })(fetch);
  const get: Get = async (path) => {
    const response = await authFetch(server.url(path));
    await response.arrayBuffer();
    return response.status;
  };
  const statuses = await calls(get, server);
  const refusals = server.verdicts.filter(({ status }) => status !== 200).map(({ reason }) => reason);
  return { wire: server.requests.length, statuses, refusals, server };
}

async function oneByOne(get: Get, calls = 100): Promise<number[]> {
  const statuses: number[] = [];
  for (let call = 0; call < calls; call++) statuses.push(await get(`/${call}`));
  return statuses;
}

const atOnce = (get: Get, calls = 100): Promise<number[]> =>
  Promise.all(Array.from({ length: calls }, (_, call) => get(`/${call}`)));

const ALL_WELL = Array.from({ length: 100 }, () => 200);

describe("requests on the wire, against a server that demands the next nc each time", () => {
  it("100 calls, one after the other, are 101", async () => {
    const { wire, statuses, refusals } = await against({}, (get) => oneByOne(get));
    expect([wire, statuses, refusals]).toEqual([101, ALL_WELL, ["no credentials"]]);
  });

  it("100 calls with a nextnonce every 10, after which the nonce is dead, are 101 (§3.5)", async () => {
    const { wire, statuses, server } = await against({ nextNonceEvery: 10, nonceUses: 10 }, (get) => oneByOne(get));
    expect([wire, statuses]).toEqual([101, ALL_WELL]);
    expect(new Set(paramsIn(server.requests.slice(1), "nonce")).size).toBe(10);
  });

  it("100 calls with a nextnonce in each response, which makes the last one invalid, are 101", async () => {
    const { wire, statuses } = await against({ nextNonceEvery: 1, nonceUses: 1 }, (get) => oneByOne(get));
    expect([wire, statuses]).toEqual([101, ALL_WELL]);
  });

  it("100 calls with a nonce that dies after 10 uses are 110 (§3.3, stale)", async () => {
    const { wire, statuses, refusals } = await against({ nonceUses: 10 }, (get) => oneByOne(get));
    expect([wire, statuses]).toEqual([110, ALL_WELL]);
    expect(refusals.slice(1)).toEqual(Array.from({ length: 9 }, () => "the nonce is used up"));
  });

  it("100 calls with a nonce that dies after 10 uses are 110 if the server doesn't call it stale, too", async () => {
    const { wire, statuses } = await against({ nonceUses: 10, stale: false }, (get) => oneByOne(get));
    expect([wire, statuses]).toEqual([110, ALL_WELL]);
  });

  it("calls beyond the lifetime of a nonce are one more each", async () => {
    let now = 0;
    const { wire, statuses } = await against({ nonceLifetime: 1000, now: () => now }, async (get) => {
      const all = await oneByOne(get, 5);
      now += 1000;
      return [...all, ...(await oneByOne(get, 5))];
    });
    expect([wire, statuses]).toEqual([12, ALL_WELL.slice(0, 10)]);
  });

  it("a wrong password is 2, for each call", async () => {
    const { wire, statuses, refusals } = await against({}, (get) => oneByOne(get, 2), { password: "wrong" });
    expect([wire, statuses]).toEqual([4, [401, 401]]);
    // The challenge that was answered in vain is forgotten: who counts failures counts one a call.
    const attempt = ["no credentials", "the response is wrong"];
    expect(refusals).toEqual([...attempt, ...attempt]);
  });

  it("an unknown user is 2", async () => {
    const { wire, statuses } = await against({}, (get) => oneByOne(get, 1), { username: "nobody" });
    expect([wire, statuses]).toEqual([2, [401]]);
  });

  it("a server that restarts costs one more", async () => {
    const { wire, statuses } = await against({}, async (get, server) => {
      const before = await oneByOne(get, 3);
      server.expire();
      return [...before, ...(await oneByOne(get, 3))];
    });
    expect([wire, statuses]).toEqual([8, ALL_WELL.slice(0, 6)]);
  });
});

describe("requests on the wire, against a server that takes each nc once, in any order", () => {
  const rules = { counts: "unseen" } as const;

  it("100 cold calls at once are 101", async () => {
    const { wire, statuses, refusals } = await against(rules, (get) => atOnce(get));
    expect([wire, statuses, refusals]).toEqual([101, ALL_WELL, ["no credentials"]]);
  });

  it("100 warm calls at once are 100, and none gets a 401", async () => {
    const { wire, statuses, refusals } = await against(rules, async (get) => {
      await get("/first");
      return atOnce(get);
    });
    expect([wire - 2, statuses, refusals]).toEqual([100, ALL_WELL, ["no credentials"]]);
  });

  it("100 calls at once whose nonce is stale are 200 at most", async () => {
    const { wire, statuses } = await against(rules, async (get, server) => {
      await get("/first");
      server.expire();
      return atOnce(get);
    });
    expect(wire - 2).toBeLessThanOrEqual(200);
    expect(statuses).toEqual(ALL_WELL);
  });
});

describe("requests on the wire, elsewhere", () => {
  it("100 calls at once to a server that wants the next nc each time all get through, with one more each at most", async () => {
    const { wire, statuses } = await against({}, (get) => atOnce(get));
    expect(wire).toBeLessThanOrEqual(201);
    expect(statuses).toEqual(ALL_WELL);
  });

  it("an open page is 1, for each of 100 calls at once", async () => {
    const { wire, statuses } = await against({ paths: [] }, (get) => atOnce(get));
    expect([wire, statuses]).toEqual([100, ALL_WELL]);
  });

  it.each(["Basic", "Negotiate", "Bearer", "Token"])("a challenge of the scheme %s alone is 1", async (scheme) => {
    await using server = await digestServer({ onRequest: () => {} });
    const answers: string[] = [];
    const other = async (url: string, init?: RequestInit): Promise<Response> => {
      answers.push(String(new Headers(init?.headers).get("authorization")));
      await fetch(url, init);
      return new Response(null, { status: 401, headers: { "www-authenticate": `${scheme} realm="x"` } });
    };
    const response = await digest(USER)(other)(server.url());
    expect([response.status, answers, server.requests.length]).toEqual([401, ["null"], 1]);
  });

  it.each(
    ["MD5", "SHA", "SHA-256", "SHA-512", "SHA-512-256"]
      .flatMap((name) => [name, `${name}-sess`])
      .flatMap(
        (name) =>
          [
            [name, "auth", false],
            [name.toLowerCase(), "auth-int", false],
            [name.toUpperCase(), "auth,auth-int", true],
            [name, null, true],
          ] as const,
      ),
  )("%s with qop %s and userhash %s: 3 calls are 4", async (algorithm, qop, userhash) => {
    await using server = await digestServer({ algorithms: [algorithm], qop, userhash });
    const authFetch = digest(USER)(fetch);
    for (const body of ["", "a body", "ümläut"]) {
      const response = await authFetch(server.url("/a?b=c"), { method: "POST", body });
      expect([response.status, await response.json()]).toMatchObject([200, { length: Buffer.byteLength(body) }]);
    }
    expect(server.requests).toHaveLength(4);
    expect(server.verdicts.map(({ status }) => status)).toEqual([401, 200, 200, 200]);
  });
});
