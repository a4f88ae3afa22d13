// On an abort the call rejects at once, the flow is finished, and nothing more is sent.
import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { endless } from "../fixtures/source.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { waiting } from "../fixtures/waiting.ts";
import { type AuthScheme, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

type Next = (input: string, init?: RequestInit) => Promise<Response>;

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
