import { describe, expect, it } from "vitest";
import { COMPARED } from "./in-process-cases.ts";
import { MockNext, type Next } from "./mock-next.ts";

/** The mock, and the headers of each request that it is sent. */
function noted(): { next: Next; sent: Headers[] } {
  const { fetch, answer } = new MockNext();
  const sent: Headers[] = [];
  return {
    sent,
    next: {
      answer,
      fetch: (input, init) => {
        sent.push(new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined)));
        return fetch(input, init);
      },
    },
  };
}

describe.each(COMPARED)("what is timed as $name", ({ make, byHand }) => {
  it("sends one request a call, with the headers that are sent by hand, or more", async () => {
    const own = noted();
    const call = await make(own.next);
    own.sent.length = 0; // a challenge may have been answered before
    await call();
    const hand = noted();
    await byHand(hand.next)();

    expect(own.sent).toHaveLength(1);
    expect(hand.sent).toHaveLength(1);
    expect(Object.fromEntries(own.sent[0] ?? [])).toMatchObject(Object.fromEntries(hand.sent[0] ?? []));
    expect(hand.sent[0]?.get("authorization")).toBe(`Basic ${btoa("finley:secret")}`);
  });
});
