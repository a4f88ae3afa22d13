import { describe, expect, it } from "vitest";
import { type DigestClient, OURS } from "./digest-clients.ts";
import { count, WIRE_CASES } from "./digest-wire.ts";

const [inTurn] = WIRE_CASES;
const short = { ...inTurn, name: "3 in turn", rules: { counts: "next" }, calls: 3, status: 200, limit: 4 } as const;

/** A client that doesn't authenticate. */
const bare: DigestClient = {
  name: "bare",
  make: ({ url, count: calls }) =>
    Promise.all(Array.from({ length: calls }, async () => (await fetch(url, { keepalive: false })).status)),
};

describe("a case of requests on the wire", () => {
  it("has the number of requests that the server got", async () => {
    expect(await count(OURS, short)).toEqual({ cell: "4", requests: 4 });
  });

  it("doesn't count what came before", async () => {
    expect(await count(OURS, { ...short, isWarm: true, atOnce: true, rules: { counts: "unseen" } })).toEqual({
      cell: "3",
      requests: 3,
    });
  });

  it("says how many calls failed, instead of a number that means nothing, and why", async () => {
    expect(await count(bare, short)).toEqual({ cell: "3 fail", failure: { client: "bare", reason: "401" } });
    const wrong: DigestClient = { ...OURS, make: (calls) => OURS.make({ ...calls, password: "wrong" }) };
    expect(await count(wrong, short)).toEqual({
      cell: "3 fail",
      failure: { client: "digest", reason: "the response is wrong" },
    });
  });

  it("says that a client isn't there, and what was said about that", async () => {
    const absent: DigestClient = { name: "absent", make: () => Promise.reject(new Error("npm can't install it.")) };
    const failure = { client: "absent", reason: "npm can't install it." };
    expect(await count(absent, short)).toEqual({ cell: "not here", failure });
  });
});
