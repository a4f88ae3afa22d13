// DESIGN promises 2 and 8: on an abort the call rejects at once with the signal's reason, and nothing more is sent.
import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import * as undici from "undici";
import { describe, expect, it, vi } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { loopback } from "../fixtures/loopback.ts";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, exchangesOf, runFlow } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

type Next = (input: string, init?: RequestInit) => Promise<Response>;

expectAllHandled();

/** A body that never comes to its end, and of which it is seen whether it was let go. */
function endless(): { body: ReadableStream<Uint8Array>; cancelled: unknown[]; pulled: Promise<void> } {
  const cancelled: unknown[] = [];
  const { promise: pulled, resolve } = deferred();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: () => {
        resolve();
        return new Promise<void>(() => {});
      },
      cancel: (reason) => void cancelled.push(reason),
    },
    { highWaterMark: 0 },
  );
  return { body, cancelled, pulled };
}

/** A fetch that waits for ever, or for as long as the signal that it is given allows. */
function waiting({ honours }: { honours: boolean }) {
  const sent: string[] = [];
  const signals: (AbortSignal | null | undefined)[] = [];
  const { promise: reached, resolve: reach } = deferred();
  const { promise: answer, resolve, reject } = deferred<Response>();
  const next: Next = (input, init) => {
    sent.push(new URL(input).pathname);
    signals.push(init?.signal);
    reach();
    if (honours) init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error), { once: true });
    return answer;
  };
  return { next, sent, signals, reached, resolve, reject };
}

describe.each(flowKinds)("an abort, in a flow that is $kind,", ({ scheme }) => {
  /** A flow of which each word is noted: what it caught, and its finally. */
  function noted(steps: Steps, more?: Partial<AuthScheme>): { flow: AuthScheme; notes: string[] } {
    const notes: string[] = [];
    const flow = scheme(function* (request, context) {
      try {
        return yield* steps(request, context);
      } catch (error) {
        notes.push(`caught ${String(error)}`);
        throw error;
      } finally {
        notes.push("finally");
      }
    }, more);
    return { flow, notes };
  }
  const once: Steps = function* (request) {
    yield request;
  };
  const twice: Steps = function* (request) {
    yield request;
    yield request;
  };

  /** Starts a call that is aborted as soon as `when` is fulfilled. */
  async function abortedCall(
    flow: AuthScheme,
    next: Next,
    when: Promise<unknown>,
    init?: RequestInit,
    url = CALL,
  ): Promise<void> {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const call = rejection(runFlow(flow, next)(url, { ...init, signal: controller.signal }));
    await when;
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  }

  it("before the call rejects it: no flow is started, no factory asked, nothing is sent", async () => {
    const reason = new Error("too late");
    const { next, sent } = waiting({ honours: true });
    const { flow, notes } = noted(once);
    const asked: string[] = [];
    const init = upload(() => asked.push("factory"), { signal: AbortSignal.abort(reason) });

    expect(await rejection(runFlow(flow, next)(CALL, init))).toBe(reason);
    await settled();
    expect([notes, sent, asked]).toEqual([[], [], []]);
  });

  it("before the call cancels the caller's stream", async () => {
    const reason = new Error("too late");
    const { body, cancelled } = endless();
    const { flow } = noted(once);

    const call = runFlow(flow, waiting({ honours: true }).next)(
      CALL,
      upload(body, { signal: AbortSignal.abort(reason) }),
    );

    expect(await rejection(call)).toBe(reason);
    await settled();
    expect(cancelled).toEqual([reason]);
  });

  it("while the call's content is read starts no flow, and cancels the caller's stream", async () => {
    const { next, sent } = waiting({ honours: true });
    const { flow, notes } = noted(once, { requiresRequestBody: true });
    const { body, cancelled, pulled } = endless();

    await abortedCall(flow, next, pulled, upload(body));
    await settled();

    expect([notes, sent, cancelled.length]).toEqual([[], [], 1]);
  });

  it("while a body factory waits sends nothing", async () => {
    const { next, sent } = waiting({ honours: true });
    const { flow, notes } = noted(once);
    const asked = deferred();
    const made = deferred<string>();
    const body = (): Promise<string> => {
      asked.resolve();
      return made.promise;
    };

    await abortedCall(flow, next, asked.promise, upload(body));
    made.resolve("too late");
    await settled();

    expect([notes, sent]).toEqual([["finally"], []]);
  });

  it("while a factory waits cancels the stream that it makes then", async () => {
    const { flow } = noted(once);
    const asked = deferred();
    const made = deferred<ReadableStream>();
    const { body, cancelled } = endless();
    const factory = (): Promise<ReadableStream> => {
      asked.resolve();
      return made.promise;
    };

    await abortedCall(flow, waiting({ honours: true }).next, asked.promise, upload(factory));
    made.resolve(body);
    await settled();

    expect(cancelled).toHaveLength(1);
  });

  it("while the request is out reaches the fetch inside by its init, and ends the flow by return()", async () => {
    const { next, sent, signals, reached } = waiting({ honours: true });
    const { flow, notes } = noted(once);

    await abortedCall(flow, next, reached);
    await settled();

    expect(signals[0]?.aborted).toBe(true);
    expect([notes, sent.length]).toEqual([["finally"], 1]);
  });

  it("while the request is out rejects at once, also where the fetch inside ignores it; its late response is let go", async () => {
    const { next, reached, resolve } = waiting({ honours: false });
    const { flow, notes } = noted(twice);
    const { body, cancelled } = endless();

    await abortedCall(flow, next, reached);
    expect(notes).toEqual(["finally"]);
    resolve(new Response(body));
    await settled();

    expect([notes, cancelled.length]).toEqual([["finally"], 1]);
  });

  it("while the request is out is not troubled by a late error of a fetch that ignored it", async () => {
    const { next, reached, reject } = waiting({ honours: false });
    const { flow, notes } = noted(once);

    await abortedCall(flow, next, reached);
    reject(new TypeError("fetch failed"));
    await settled();

    expect(notes).toEqual(["finally"]);
  });

  it("while the request is out can't be recovered from: what the flow yields then is not sent", async () => {
    const { next, sent, reached } = waiting({ honours: true });
    const { flow } = noted(function* (request) {
      try {
        yield request;
      } catch {
        yield request;
      } finally {
        yield new Request(TOKEN);
      }
    });

    await abortedCall(flow, next, reached);
    await settled();

    expect(sent).toEqual(["/call"]);
  });

  it("while a side request is out sends nothing more", async () => {
    const { next, sent, reached } = waiting({ honours: true });
    const { flow, notes } = noted(function* (request) {
      yield new Request(TOKEN);
      yield request;
    });

    await abortedCall(flow, next, reached);
    await settled();

    expect([sent, notes]).toEqual([["/token"], ["finally"]]);
  });

  it("while the second request is out ends the flow, and lets the first response go", async () => {
    const second = waiting({ honours: true });
    const { flow, notes } = noted(function* (request) {
      yield new Request(TOKEN);
      yield new Request(`${TOKEN}-2`);
      yield request;
    });
    const first = endless();
    const next: Next = async (input, init) => (input === TOKEN ? new Response(first.body) : second.next(input, init));

    await abortedCall(flow, next, second.reached);
    await settled();

    expect([notes, second.sent, first.cancelled.length]).toEqual([["finally"], ["/token-2"], 1]);
  });

  it("out of the flow itself, between two steps, sends no second request", async () => {
    const controller = new AbortController();
    const reason = new Error("the flow aborts");
    const sent: string[] = [];
    const { body, cancelled } = endless();
    const { flow, notes } = noted(function* (request) {
      yield request;
      controller.abort(reason);
      yield request;
    });
    const next: Next = async (input) => {
      sent.push(input);
      return new Response(body);
    };

    expect(await rejection(runFlow(flow, next)(CALL, { signal: controller.signal }))).toBe(reason);
    await settled();

    expect([notes, sent.length, cancelled.length]).toEqual([["finally"], 1, 1]);
  });

  it("out of the flow itself, before its first step, sends nothing", async () => {
    const controller = new AbortController();
    const reason = new Error("the flow aborts");
    const { next, sent } = waiting({ honours: true });
    const { flow, notes } = noted(function* (request) {
      controller.abort(reason);
      yield request;
    });

    expect(await rejection(runFlow(flow, next)(CALL, { signal: controller.signal }))).toBe(reason);
    await settled();

    expect([notes, sent]).toEqual([["finally"], []]);
  });

  it("out of the flow itself, as the last that it does, rejects the call and lets the response go", async () => {
    const controller = new AbortController();
    const reason = new Error("the flow aborts");
    const { body, cancelled } = endless();
    const { flow, notes } = noted(function* (request) {
      yield request;
      controller.abort(reason);
    });

    const next: Next = async () => new Response(body);
    const call = runFlow(flow, next)(CALL, { signal: controller.signal });

    expect(await rejection(call)).toBe(reason);
    await settled();
    expect([notes, cancelled.length]).toEqual([["finally"], 1]);
  });

  it("out of the fetch inside, which answers all the same, lets that response go", async () => {
    const controller = new AbortController();
    const reason = new Error("the transport aborts");
    const { body, cancelled } = endless();
    const { flow, notes } = noted(twice);
    const next: Next = async () => {
      controller.abort(reason);
      return new Response(body);
    };

    expect(await rejection(runFlow(flow, next)(CALL, { signal: controller.signal }))).toBe(reason);
    await settled();

    expect([notes, cancelled.length]).toEqual([["finally"], 1]);
  });

  it("while a response's content is read ends the flow, lets the response go, and sends no second request", async () => {
    const { flow, notes } = noted(twice, { requiresResponseBody: true });
    const { body, cancelled, pulled } = endless();
    const sent: string[] = [];
    const next: Next = async (input) => {
      sent.push(input);
      return new Response(body);
    };

    await abortedCall(flow, next, pulled);
    await settled();

    expect([notes, sent.length, cancelled.length]).toEqual([["finally"], 1, 1]);
  });

  it("while the body of a Request that the flow made is taken in sends nothing, and cancels that body", async () => {
    const { next, sent } = waiting({ honours: true });
    const { body, cancelled, pulled } = endless();
    const { flow, notes } = noted(function* (request) {
      yield new Request(request.url, upload(body));
    });

    await abortedCall(flow, next, pulled);
    await settled();
    await vi.waitFor(() => expect(cancelled).toHaveLength(1)); // a macrotask may be given to a body to come whole

    expect([notes, sent]).toEqual([["finally"], []]);
  });

  it("while a response between steps is read to its end sends no second request", async () => {
    const { flow, notes } = noted(twice);
    const { body, pulled } = endless();
    const sent: string[] = [];
    const next: Next = async (input) => {
      sent.push(input);
      return new Response(body, { status: 401 });
    };

    await abortedCall(flow, next, pulled);
    await settled();

    expect([notes, sent.length]).toEqual([["finally"], 1]);
  });

  it("while a redirect is read to its end follows it no more", async () => {
    const { flow, notes } = noted(once);
    const { body, pulled } = endless();
    const sent: string[] = [];
    const next: Next = async (input) => {
      sent.push(input);
      return new Response(body, { status: 302, headers: { location: "/there" } });
    };

    await abortedCall(flow, next, pulled);
    await settled();

    expect([notes, sent.length]).toEqual([["finally"], 1]);
  });

  it("after the call has its response changes nothing of that", async () => {
    const controller = new AbortController();
    const { flow, notes } = noted(once);

    const next: Next = async () => new Response("ok");
    const response = await runFlow(flow, next)(CALL, { signal: controller.signal });
    controller.abort(new Error("too late"));

    expect(await response.text()).toBe("ok");
    expect(notes).toEqual(["finally"]);
  });

  it("ends flows inside one another, the innermost first, each once", async () => {
    const { next, sent, reached } = waiting({ honours: false });
    const order: string[] = [];
    const named = (name: string): AuthScheme =>
      scheme(
        function* (request) {
          try {
            yield request;
          } finally {
            order.push(name);
          }
        },
        { name },
      );

    await abortedCall(named("outer"), runFlow(named("middle"), runFlow(named("inner"), next)), reached);
    await settled();

    expect(order).toEqual(["inner", "middle", "outer"]);
    expect(sent).toHaveLength(1);
  });
});

describe("the reason of an abort", () => {
  const flow: AuthScheme = {
    name: "plain",
    *authFlow(request) {
      yield request;
    },
  };

  it("is the platform's AbortError where the caller gave none", async () => {
    const controller = new AbortController();
    const call = runFlow(flow, waiting({ honours: false }).next)(CALL, { signal: controller.signal });
    controller.abort();
    expect(await rejection(call)).toBe(controller.signal.reason);
    expect((controller.signal.reason as Error).name).toBe("AbortError");
  });

  it.each(["too slow", 42, null, { because: "of the weather" }])(
    "is what the caller gave, whatever it is: %j",
    async (reason) => {
      const controller = new AbortController();
      const call = runFlow(flow, waiting({ honours: false }).next)(CALL, { signal: controller.signal });
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
    },
  );

  it("is a TimeoutError where the signal is one of time", async () => {
    const call = runFlow(flow, waiting({ honours: false }).next)(CALL, { signal: AbortSignal.timeout(1) });
    expect((await rejection(call)).name).toBe("TimeoutError");
  });

  it("carries the exchanges up to then", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const { next, reached } = waiting({ honours: true });
    const twice: AuthScheme = {
      name: "twice",
      *authFlow(request) {
        yield request;
        yield request;
      },
    };
    let sent = 0;
    const first: Next = async (input, init) => (sent++ === 0 ? new Response(null, { status: 401 }) : next(input, init));

    const call = rejection(runFlow(twice, first)(CALL, { signal: controller.signal }));
    await reached;
    controller.abort(reason);

    await settled(); // until the exchange that was under way has ended, too
    expect(exchangesOf(await call)).toEqual([
      expect.objectContaining({ response: expect.objectContaining({ status: 401 }) as unknown, error: undefined }),
      expect.objectContaining({ response: undefined, error: reason }),
    ]);
  });
});

describe("the signal of a call", () => {
  const flow: AuthScheme = {
    name: "twice",
    *authFlow(request) {
      yield request;
      yield request;
    },
  };

  /** A fetch that keeps the signal of each init. */
  function signalled() {
    const signals: unknown[] = [];
    const next = async (_: unknown, init?: RequestInit): Promise<Response> => {
      signals.push(init?.signal);
      return new Response("ok");
    };
    return { next, signals };
  }

  it("goes into the init of every step as it is", async () => {
    const { signal } = new AbortController();
    const { next, signals } = signalled();
    await runFlow(flow, next)(CALL, { signal });
    expect(signals).toEqual([signal, signal]);
    expect(signals[0]).toBe(signal);
  });

  it("that stands in a Request is heeded, and goes into init, never into a Request that is made", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const given = new Request(CALL, { signal: controller.signal });
    const inputs: Request[] = [];
    const next = async (input: Request, init?: RequestInit): Promise<Response> => {
      inputs.push(input);
      expect(init?.signal).toBe(given.signal);
      if (inputs.length === 2) controller.abort(reason);
      return new Response("ok");
    };

    expect(await rejection(runFlow(flow, next)(given))).toBe(reason);
    expect(inputs.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it("in init goes before the one in the Request, and null takes the Request out of its reach", async () => {
    const aborted = new Request(CALL, { signal: AbortSignal.abort(new Error("too late")) });
    const { signal } = new AbortController();
    const { next, signals } = signalled();

    await runFlow(flow, next)(aborted, { signal });
    await runFlow(flow, next)(aborted, { signal: null });

    expect(signals.slice(0, 2)).toEqual([signal, signal]);
    expect(signals.slice(2).every((given) => given === null || given === undefined)).toBe(true);
  });

  it("is the flow's context.signal", async () => {
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    const looks: AuthScheme = {
      name: "looks",
      *authFlow(request, context) {
        seen.push(context.signal);
        yield request;
      },
    };
    await runFlow(looks, signalled().next)(CALL, { signal });
    await runFlow(looks, signalled().next)(CALL);
    expect(seen).toEqual([signal, undefined]);
  });

  it("keeps no listener of a call that has ended, however it ended", async () => {
    const { signal } = new AbortController();
    const { next } = signalled();
    const failing: Next = () => Promise.reject(new TypeError("fetch failed"));
    for (let round = 0; round < 20; round++) {
      await runFlow(flow, next)(CALL, { signal });
      await runFlow(flow, next)(CALL, upload("body", { signal }));
      await rejection(runFlow(flow, failing)(CALL, { signal }));
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("keeps no listener of an upload that has ended", async () => {
    const { signal } = new AbortController();
    const reads = async (_: unknown, init?: RequestInit): Promise<Response> => {
      await new Response(init?.body ?? null).arrayBuffer();
      return new Response("ok");
    };
    const readsLater = async (_: unknown, init?: RequestInit): Promise<Response> => {
      void setImmediate().then(() => new Response(init?.body ?? null).arrayBuffer());
      return new Response("ok");
    };
    const stream = (): ReadableStream => new Blob(["body"]).stream();
    const once: AuthScheme = {
      name: "once",
      *authFlow(request) {
        yield request;
      },
    };

    await runFlow(once, reads)(CALL, upload(stream(), { signal }));
    await runFlow(once, readsLater)(CALL, upload(stream(), { signal }));
    await settled();
    await settled();

    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("an async flow that waits for a promise of its own", () => {
  it("can't be interrupted: the call rejects at once, and the flow is finished when its wait ends", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const asleep = deferred();
    const wait = deferred();
    const notes: string[] = [];
    const { next, sent } = waiting({ honours: true });
    const waits: AuthScheme = {
      name: "waits",
      async *authFlow(request) {
        try {
          asleep.resolve();
          await wait.promise;
          notes.push("woke");
          yield request;
          notes.push("went on");
        } finally {
          notes.push("finally");
        }
      },
    };

    const call = rejection(runFlow(waits, next)(CALL, { signal: controller.signal }));
    await asleep.promise;
    controller.abort(reason);

    expect(await call).toBe(reason);
    expect(notes).toEqual([]);
    wait.resolve();
    await settled();
    expect([notes, sent]).toEqual([["woke", "finally"], []]);
  });

  it("whose wait fails after the abort harms nobody", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const asleep = deferred();
    const wait = deferred();
    const waits: AuthScheme = {
      name: "waits",
      async *authFlow(request) {
        asleep.resolve();
        await wait.promise;
        yield request;
      },
    };

    const call = rejection(runFlow(waits, waiting({ honours: true }).next)(CALL, { signal: controller.signal }));
    await asleep.promise;
    controller.abort(reason);
    expect(await call).toBe(reason);
    wait.reject(new Error("no token"));
    await settled();
  });

  it("is finished at once where it watches context.signal", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const asleep = deferred();
    const notes: string[] = [];
    const watches: AuthScheme = {
      name: "watches",
      async *authFlow(request, { signal }) {
        try {
          asleep.resolve();
          await new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason as Error));
          });
          yield request;
        } finally {
          notes.push("finally");
        }
      },
    };

    const call = rejection(runFlow(watches, waiting({ honours: true }).next)(CALL, { signal: controller.signal }));
    await asleep.promise;
    controller.abort(reason);
    expect(await call).toBe(reason);
    await settled();
    expect(notes).toEqual(["finally"]);
  });
});

describe("context.send", () => {
  it("is not tied to the signal of the call: the call rejects at once, the side request lives on for others", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const { next, sent, signals, reached, resolve } = waiting({ honours: true });
    let token: Promise<Response> | undefined;
    const refreshes: AuthScheme = {
      name: "refreshes",
      async *authFlow(request, context) {
        token = context.send(new Request(TOKEN));
        await token;
        yield request;
      },
    };

    const call = rejection(runFlow(refreshes, next)(CALL, { signal: controller.signal }));
    await reached;
    controller.abort(reason);
    expect(await call).toBe(reason);
    resolve(new Response("token"));

    expect(await (await token)?.text()).toBe("token");
    expect([sent, signals]).toEqual([["/token"], [undefined]]);
  });

  it("takes a signal of its own", async () => {
    const own = new AbortController();
    const reason = new Error("the token takes too long");
    const { next, signals, reached } = waiting({ honours: false });
    const impatient: AuthScheme = {
      name: "impatient",
      async *authFlow(request, context) {
        await context.send(new Request(TOKEN), { signal: own.signal });
        yield request;
      },
    };

    const call = rejection(runFlow(impatient, next)(CALL));
    await reached;
    own.abort(reason);

    expect(await call).toBe(reason);
    expect(signals).toEqual([own.signal]);
  });
});

describe.each([
  { client: "Node's fetch", fetch },
  // undici's own types differ from the platform's in name only.
  { client: "undici 8's fetch", fetch: undici.fetch as unknown as typeof globalThis.fetch },
])("an abort by way of $client", ({ fetch: next }) => {
  it("ends the exchange at the server, and no second one begins", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const here = deferred();
    const gone = deferred();
    const server = await loopback((_, response) => {
      response.on("close", gone.resolve);
      here.resolve();
    });
    const twice: AuthScheme = {
      name: "twice",
      *authFlow(request) {
        try {
          yield request;
        } catch {
          // A flow that would go on.
        }
        yield request;
      },
    };

    const call = rejection(runFlow(twice, next)(server.origin, { signal: controller.signal }));
    await here.promise;
    controller.abort(reason);

    expect(await call).toBe(reason);
    await gone.promise;
    expect(server.arrivals).toHaveLength(1);
  });

  it("after the response still ends its body with the reason, as it does without a runner", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const server = await loopback((_, response) => {
      response.writeHead(200);
      response.write("the beginning");
    });
    const plain: AuthScheme = {
      name: "plain",
      *authFlow(request) {
        yield request;
      },
    };

    const response = await runFlow(plain, next)(server.origin, { signal: controller.signal });
    const text = rejection(response.text());
    controller.abort(reason);

    expect(await text).toBe(reason);
  });
});
