// No lock across a yield; waiting for another call's work ends at once for the aborted call.
import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { flowKinds } from "../fixtures/kinds.ts";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, type Fetch, runFlow, singleFlight } from "../index.ts";

expectAllHandled();

/** Work that is counted, and ends when the test says so. */
function work<T = string>() {
  const ends: ReturnType<typeof deferred<T>>[] = [];
  const run = (): Promise<T> => {
    const end = deferred<T>();
    ends.push(end);
    return end.promise;
  };
  return { run, ends };
}

describe("single flight", () => {
  it("runs work once for all who ask while it runs", async () => {
    const shared = singleFlight<string>();
    const { run, ends } = work();

    const calls = [shared("token", run), shared("token", run), shared("token", run)];
    await settled();
    expect(ends).toHaveLength(1);
    ends[0]?.resolve("fresh");

    expect(await Promise.all(calls)).toEqual(["fresh", "fresh", "fresh"]);
  });

  it("lets a latecomer share what still runs", async () => {
    const shared = singleFlight<string>();
    const { run, ends } = work();

    const first = shared("token", run);
    await settled();
    const late = shared("token", run);
    ends[0]?.resolve("fresh");

    expect(await Promise.all([first, late])).toEqual(["fresh", "fresh"]);
    expect(ends).toHaveLength(1);
  });

  it("runs it anew once it has ended well", async () => {
    const shared = singleFlight<number>();
    let count = 0;
    const next = async (): Promise<number> => ++count;

    expect(await shared("token", next)).toBe(1);
    expect(await shared("token", next)).toBe(2);
  });

  it("fails all who wait with the same error, and runs it anew after that", async () => {
    const shared = singleFlight<string>();
    const { run, ends } = work();
    const error = new Error("the token endpoint is down");

    const calls = [rejection(shared("token", run)), rejection(shared("token", run))];
    await settled();
    ends[0]?.reject(error);
    expect(await Promise.all(calls)).toEqual([error, error]);

    const again = shared("token", run);
    await settled();
    ends[1]?.resolve("fresh");
    expect(await again).toBe("fresh");
  });

  it("takes work that throws at once for work that failed", async () => {
    const shared = singleFlight<string>();
    const error = new Error("no refresh token");
    const throws = (): Promise<string> => {
      throw error;
    };

    expect(await rejection(shared("token", throws))).toBe(error);
    expect(await shared("token", async () => "fresh")).toBe("fresh");
  });

  it("keeps keys apart, and instances too", async () => {
    const one = singleFlight<string>();
    const other = singleFlight<string>();

    const values = await Promise.all([
      one("a", async () => "one a"),
      one("b", async () => "one b"),
      other("a", async () => "other a"),
    ]);

    expect(values).toEqual(["one a", "one b", "other a"]);
  });

  it.each(["", "__proto__", "constructor", "toString"])("takes any text for a key: %j", async (key) => {
    const shared = singleFlight<string>();
    expect(await shared(key, async () => "fresh")).toBe("fresh");
    expect(await shared(key, async () => "fresher")).toBe("fresher");
  });

  describe("on an abort", () => {
    it("lets the one who waits leave at once, and harms no other", async () => {
      const shared = singleFlight<string>();
      const { run, ends } = work();
      const controller = new AbortController();
      const reason = new Error("the caller left");

      const leader = shared("token", run);
      const leaver = rejection(shared("token", run, { signal: controller.signal }));
      const stayer = shared("token", run, { signal: new AbortController().signal });
      await settled();
      controller.abort(reason);

      expect(await leaver).toBe(reason);
      ends[0]?.resolve("fresh");
      expect(await Promise.all([leader, stayer])).toEqual(["fresh", "fresh"]);
      expect(ends).toHaveLength(1);
    });

    it("lets the one who began leave at once, and the work goes on for the others", async () => {
      const shared = singleFlight<string>();
      const { run, ends } = work();
      const controller = new AbortController();
      const reason = new Error("the caller left");

      const leader = rejection(shared("token", run, { signal: controller.signal }));
      const follower = shared("token", run);
      await settled();
      controller.abort(reason);

      expect(await leader).toBe(reason);
      ends[0]?.resolve("fresh");
      expect(await follower).toBe("fresh");
    });

    it("leaves work that nobody waits for any more to end by itself, well or not", async () => {
      const shared = singleFlight<string>();
      const { run, ends } = work();
      const reason = new Error("the caller left");
      for (const end of ["resolve", "reject"]) {
        const controller = new AbortController();
        const only = rejection(shared("token", run, { signal: controller.signal }));
        await settled();
        controller.abort(reason);
        expect(await only).toBe(reason);
        if (end === "resolve") ends.at(-1)?.resolve("fresh");
        else ends.at(-1)?.reject(new Error("nobody hears of this"));
        await settled();
      }
      expect(ends).toHaveLength(2);
    });

    it("before the call starts no work", async () => {
      const shared = singleFlight<string>();
      const { run, ends } = work();
      const reason = new Error("too late");

      expect(await rejection(shared("token", run, { signal: AbortSignal.abort(reason) }))).toBe(reason);
      await settled();
      expect(ends).toEqual([]);
    });

    it("keeps no listener of those who have what they waited for", async () => {
      const shared = singleFlight<string>();
      const { signal } = new AbortController();

      await shared("token", async () => "fresh", { signal });
      await rejection(shared("token", () => Promise.reject(new Error("down")), { signal }));

      expect(getEventListeners(signal, "abort")).toEqual([]);
    });
  });
});

describe("a refresh shared by flows", () => {
  const CALL = "https://example.com/";

  /** A server that takes the latest token only; each refresh makes another. */
  function server() {
    let valid = 1;
    const requests: string[] = [];
    const refreshing = deferred();
    const next = async (input: string, init?: RequestInit): Promise<Response> => {
      requests.push(new URL(input).pathname);
      if (input.endsWith("/token")) {
        await refreshing.promise;
        return new Response(String(++valid));
      }
      const authorization = new Headers(init?.headers).get("authorization");
      return new Response("", { status: authorization === String(valid) ? 200 : 401 });
    };
    const expire = (): void => void valid++;
    return { next, requests, refreshing, expire };
  }

  /** A bearer token that is refreshed when it was refused. */
  function bearer(): AuthScheme {
    const shared = singleFlight<string>();
    let token = "1";
    return {
      name: "bearer",
      async *authFlow(request, context) {
        const used = token;
        request.headers.set("authorization", used);
        const response = yield request;
        if (response.status !== 401) return;
        if (token === used) {
          const refresh = async (): Promise<string> => {
            token = await (await context.send(new Request(`${CALL}token`))).text();
            return token;
          };
          await shared("token", refresh, { signal: context.signal });
        }
        request.headers.set("authorization", token);
        yield request;
      },
    };
  }

  it("is one request for any number of concurrent 401s", async () => {
    const { next, requests, refreshing, expire } = server();
    const authFetch = runFlow(bearer(), next);
    expire();

    const calls = Array.from({ length: 10 }, () => authFetch(`${CALL}resource`));
    await settled();
    refreshing.resolve();

    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(requests.filter((path) => path === "/token")).toHaveLength(1);
  });

  it("goes on for the others when the call that began it is aborted", async () => {
    const { next, requests, refreshing, expire } = server();
    const authFetch = runFlow(bearer(), next);
    expire();
    const controller = new AbortController();
    const reason = new Error("the caller left");

    const leader = rejection(authFetch(`${CALL}resource`, { signal: controller.signal }));
    await settled();
    const others = [authFetch(`${CALL}resource`), authFetch(`${CALL}resource`)];
    await settled();
    controller.abort(reason);
    expect(await leader).toBe(reason);
    refreshing.resolve();

    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(requests.filter((path) => path === "/token")).toHaveLength(1);
  });
});

describe.each(flowKinds)("a flow that is $kind", ({ scheme }) => {
  it("holds nothing while its response is a stream that goes on: other calls pass", async () => {
    const streams: Fetch = async () => new Response(new ReadableStream({ pull: () => new Promise<void>(() => {}) }));
    const authFetch = runFlow(
      scheme(function* (request) {
        yield request;
      }),
      streams,
    );

    const open = [await authFetch("https://example.com/"), await authFetch("https://example.com/")];

    expect(open.map(({ bodyUsed }) => bodyUsed)).toEqual([false, false]);
  });
});
