import { stepFlow } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { heldFetch, heldSource, type HeldCall, settled } from "./fixtures/held.ts";
import { refusal } from "./fixtures/messages.ts";
import { bearer } from "./index.ts";

const TARGET = "https://example.com/";
const MANY = 100;
const many = <T>(make: (index: number) => T): T[] => Array.from({ length: MANY }, (_, index) => make(index));
const sent = (calls: readonly HeldCall[]): (string | null)[] => calls.map(({ authorization }) => authorization);
const answerAll = (calls: readonly HeldCall[], make: () => Response): void => {
  for (const call of calls) call.answer(make());
};
const statuses = async (calls: readonly Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(calls)).map(({ status }) => status);
const welcome = (): Response => new Response("welcome");

/** A fetch that has the token "t1", with the source that gave it. */
async function warm(): Promise<{
  source: ReturnType<typeof heldSource>;
  fetch: ReturnType<typeof heldFetch>;
  call: typeof fetch;
}> {
  const source = heldSource();
  const held = heldFetch();
  const call = bearer(source, { now: () => 0 })(held);
  const first = call(TARGET);
  await settled();
  source.give("t1");
  await settled();
  held.calls[0]?.answer(welcome());
  await first;
  return { source, fetch: held, call: call as typeof fetch };
}

describe("100 concurrent calls", () => {
  it("ask the function once for the first token", async () => {
    const source = heldSource();
    const fetch = heldFetch();
    const authFetch = bearer(source)(fetch);
    const calls = many(() => authFetch(TARGET));
    await settled();
    expect([source.asked, fetch.calls.length]).toEqual([1, 0]);
    source.give("t1");
    await settled();
    expect(sent(fetch.calls)).toEqual(many(() => "Bearer t1"));
    answerAll(fetch.calls, welcome);
    expect(await statuses(calls)).toEqual(many(() => 200));
    expect(source.asked).toBe(1);
  });

  it("with an expired token ask the function once, and all succeed", async () => {
    const { source, fetch, call } = await warm();
    const calls = many(() => call(TARGET));
    await settled();
    const first = fetch.calls.slice(1);
    expect(sent(first)).toEqual(many(() => "Bearer t1"));
    answerAll(first, refusal);
    await settled();
    expect([source.asked, fetch.calls.length]).toEqual([2, 101]);
    source.give("t2");
    await settled();
    const second = fetch.calls.slice(101);
    expect(sent(second)).toEqual(many(() => "Bearer t2"));
    answerAll(second, welcome);
    expect(await statuses(calls)).toEqual(many(() => 200));
    expect(source.asked).toBe(2);
  });

  it.each([0, 1, 50, 99])(
    "do so where the 401s come one after the other, and the new token after %i of them",
    async (early) => {
      const { source, fetch, call } = await warm();
      const calls = many(() => call(TARGET));
      await settled();
      for (const [index, held] of fetch.calls.slice(1, 1 + MANY).entries()) {
        held.answer(refusal());
        await settled();
        if (index === early) source.give("t2");
        await settled();
        expect(source.asked).toBe(2);
      }
      const second = fetch.calls.slice(101);
      expect(sent(second)).toEqual(many(() => "Bearer t2"));
      answerAll(second, welcome);
      expect(await statuses(calls)).toEqual(many(() => 200));
      expect(source.asked).toBe(2);
    },
  );

  it("do so where a straggler's 401 comes after the others have succeeded", async () => {
    const { source, fetch, call } = await warm();
    const calls = many(() => call(TARGET));
    await settled();
    const [straggler, ...others] = fetch.calls.slice(1);
    answerAll(others, refusal);
    await settled();
    source.give("t2");
    await settled();
    answerAll(fetch.calls.slice(101), welcome);
    expect(await statuses(calls.slice(1))).toEqual(many(() => 200).slice(1));
    straggler?.answer(refusal());
    await settled();
    expect(fetch.calls.at(-1)?.authorization).toBe("Bearer t2");
    fetch.calls.at(-1)?.answer(welcome());
    expect((await calls[0])?.status).toBe(200);
    expect(source.asked).toBe(2);
  });

  it("do so where the first caller aborts, for whom the function was asked", async () => {
    const { source, fetch, call } = await warm();
    const controller = new AbortController();
    const gone = new Error("the user went away");
    const aborted = call(TARGET, { signal: controller.signal });
    const calls = many(() => call(TARGET));
    await settled();
    fetch.calls[1]?.answer(refusal());
    await settled();
    expect(source.asked).toBe(2);
    controller.abort(gone);
    await expect(aborted).rejects.toBe(gone);
    answerAll(fetch.calls.slice(2), refusal);
    await settled();
    source.give("t2");
    await settled();
    const second = fetch.calls.slice(102);
    expect(sent(second)).toEqual(many(() => "Bearer t2")); // and nothing for the one that left
    answerAll(second, welcome);
    expect(await statuses(calls)).toEqual(many(() => 200));
    expect(source.asked).toBe(2);
  });

  it("get their first token where the first caller aborts", async () => {
    const source = heldSource();
    const fetch = heldFetch();
    const authFetch = bearer(source)(fetch);
    const controller = new AbortController();
    const aborted = authFetch(TARGET, { signal: controller.signal });
    const calls = many(() => authFetch(TARGET));
    await settled();
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    source.give("t1");
    await settled();
    expect(sent(fetch.calls)).toEqual(many(() => "Bearer t1"));
    answerAll(fetch.calls, welcome);
    expect(await statuses(calls)).toEqual(many(() => 200));
    expect(source.asked).toBe(1);
  });

  it("may all abort: the function's answer is there for the next one, and its failure is nobody's unhandled rejection", async () => {
    for (const answer of ["t1", new Error("not logged in")]) {
      const source = heldSource();
      const fetch = heldFetch();
      const authFetch = bearer(source, { backOff: 0 })(fetch);
      const controller = new AbortController();
      const calls = many(() => authFetch(TARGET, { signal: controller.signal }));
      await settled();
      controller.abort();
      for (const { status } of await Promise.allSettled(calls)) expect(status).toBe("rejected");
      if (typeof answer === "string") source.give(answer);
      else source.fail(answer);
      await settled();
      expect(fetch.calls).toEqual([]);
      const next = authFetch(TARGET);
      await settled();
      if (source.asked > 1) source.give("t1");
      await settled();
      expect(sent(fetch.calls)).toEqual(["Bearer t1"]);
      answerAll(fetch.calls, welcome);
      await next;
      expect(source.asked).toBe(typeof answer === "string" ? 1 : 2);
    }
  });

  it("leave their flow, too, when they abort: it doesn't stand until the function answers", async () => {
    const source = heldSource();
    const scheme = bearer(source);
    const controller = new AbortController();
    const gone = new Error("the user went away");
    const start = stepFlow(scheme, new Request(TARGET), { signal: controller.signal });
    const step = start.then((flow) => flow.next());
    await settled();
    expect(source.asked).toBe(1);
    controller.abort(gone);
    await expect(step).rejects.toBe(gone);
  });

  it("that come while the function works wait for the new token, and don't carry the refused one", async () => {
    const { source, fetch, call } = await warm();
    const first = call(TARGET);
    await settled();
    fetch.calls[1]?.answer(refusal());
    await settled();
    const calls = many(() => call(TARGET));
    await settled();
    expect([source.asked, fetch.calls.length]).toEqual([2, 2]);
    source.give("t2");
    await settled();
    expect(sent(fetch.calls.slice(2))).toEqual(["Bearer t2", ...many(() => "Bearer t2")]);
    answerAll(fetch.calls.slice(2), welcome);
    expect(await statuses([first, ...calls])).toEqual([200, ...many(() => 200)]);
  });

  it("don't ask again where the function gives the refused token once more", async () => {
    const { source, fetch, call } = await warm();
    const calls = many(() => call(TARGET));
    await settled();
    const [straggler, ...others] = fetch.calls.slice(1);
    answerAll(others, refusal);
    await settled();
    source.give("t1");
    await settled();
    straggler?.answer(refusal());
    expect(await statuses(calls)).toEqual(many(() => 401));
    expect([source.asked, fetch.calls.length]).toEqual([2, 101]);
  });

  it("reject once each with the function's own error, for whom it was asked once", async () => {
    const { source, fetch, call } = await warm();
    const failure = new Error("the session has ended");
    const outcomes = Promise.allSettled(many(() => call(TARGET)));
    await settled();
    const [straggler, ...others] = fetch.calls.slice(1);
    answerAll(others, refusal);
    await settled();
    source.fail(failure);
    await settled();
    straggler?.answer(refusal());
    expect(await outcomes).toEqual(many(() => ({ status: "rejected", reason: failure })));
    expect([source.asked, fetch.calls.length]).toEqual([2, 101]);
  });
});
