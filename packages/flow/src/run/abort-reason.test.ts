// On an abort the call rejects with the signal's reason.
import { describe, expect, it } from "vitest";
import { clients } from "../fixtures/clients.ts";
import { loopback } from "../fixtures/loopback.ts";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { waiting } from "../fixtures/waiting.ts";
import { type AuthScheme, exchangesOf, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";

type Next = (input: string, init?: RequestInit) => Promise<Response>;

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

describe.each(clients)("an abort by way of $client", ({ fetch: next }) => {
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

describe("an abort with a fetch that takes a Request and looks at no init (decision 038: the limit)", () => {
  const plain: AuthScheme = {
    name: "plain",
    *authFlow(request) {
      yield request;
    },
  };
  const requestOnly = (input: Request): Promise<Response> => fetch(input);

  it("rejects the call at once, and the response that comes late is cancelled", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const here = deferred();
    const gone = deferred();
    const answered = deferred();
    const server = await loopback(async (_, response) => {
      response.on("close", gone.resolve);
      here.resolve();
      await answered.promise;
      response.write("the beginning");
    });

    const request = new Request(server.origin, { signal: controller.signal });
    const call = rejection(runFlow(plain, requestOnly)(request));
    await here.promise;
    controller.abort(reason);

    expect(await call).toBe(reason);
    answered.resolve();
    await gone.promise;
  });

  it("leaves a download that has begun to run on, where without a runner it would end", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const { promise: aborted, resolve } = deferred();
    const server = await loopback(async (_, response) => {
      response.write("the beginning, ");
      await aborted;
      response.end("the end");
    });
    const request = (): Request => new Request(server.origin, { signal: controller.signal });

    const bare = await requestOnly(request());
    const response = await runFlow(plain, requestOnly)(request());
    const text = rejection(bare.text());
    controller.abort(reason);
    resolve();

    expect(await text).toBe(reason);
    expect(await response.text()).toBe("the beginning, the end");
  });
});
