import { describe, expect } from "vitest";
import { answers } from "./fixtures/answers.ts";
import { conformance, Coverage } from "./fixtures/conformance.ts";
import { loopback } from "./fixtures/loopback.ts";
import { deferred, rejection, settled } from "./fixtures/outcome.ts";
import { streamOf, upload } from "./fixtures/streams.ts";
import { type AuthScheme, exchangesOf, historyOf, isAuthError, runFlow, runFlowSync, singleFlight } from "./index.ts";

const { cases } = conformance("httpx-behaviours") as { cases: readonly { id: string; area: string }[] };
const httpx = new Coverage(cases.filter(({ area }) => area === "flow").map(({ id }) => id));

const CALL = "https://example.org/";
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A request as the fetch inside gets it. */
interface Sent {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** A fetch that keeps what goes out, and answers each request in turn. */
function wire(...responses: readonly Response[]) {
  const sent: Sent[] = [];
  const next = async (input: string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { method, url, headers } = request;
    const index = sent.push({
      method,
      url,
      authorization: headers.get("authorization"),
      body: await request.text(),
    });
    return responses[index - 1] ?? new Response("ok");
  };
  return { next, sent };
}

/** A response whose body comes as long as somebody reads; it is seen how far that went. */
function streaming(status: number) {
  const seen = { chunks: 0, cancelled: false };
  const body = new ReadableStream(
    {
      pull(controller) {
        seen.chunks++;
        controller.enqueue(encode("."));
      },
      cancel: () => void (seen.cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body, { status }), seen };
}

/** HTTPX's own scheme of two sides: a lock of threads and a lock of tasks. */
class OneSided implements AuthScheme {
  readonly name = "one-sided";
  *syncAuthFlow(request: Request): Generator<Request, void, Response> {
    request.headers.set("authorization", "sync-auth");
    yield request;
  }
  async *asyncAuthFlow(request: Request): AsyncGenerator<Request, void, Response> {
    await Promise.resolve(); // where the lock would be taken, and given back before the yield
    request.headers.set("authorization", "async-auth");
    yield request;
  }
}

describe("HTTPX's flow (conformance/httpx-behaviours.json)", () => {
  httpx.spec(
    "flow-final-stream-open",
    "the final response is not read; those before it are, to their end",
    async () => {
      const challenge = new Response("who is it?", { status: 401 });
      const final = streaming(200);

      const response = await runFlow(answers, wire(challenge, final.response).next)(CALL);

      expect(response).toBe(final.response);
      expect([response.bodyUsed, final.seen.chunks, final.seen.cancelled]).toEqual([false, 0, false]);
      expect(challenge.bodyUsed).toBe(true);
      await response.body?.cancel();
    },
  );

  httpx.spec("flow-wrong-pw-stream", "the final 401 is unread and open; the first is read and closed", async () => {
    const challenge = new Response("who is it?", { status: 401 });
    const final = streaming(401);

    const response = await runFlow(answers, wire(challenge, final.response).next)(CALL);

    expect(response.status).toBe(401);
    expect([response.bodyUsed, final.seen.chunks, final.seen.cancelled]).toEqual([false, 0, false]);
    expect(challenge.bodyUsed).toBe(true);
    await response.body?.cancel();
  });

  httpx.spec(
    "flow-return-final",
    "the last response is the caller's, whether the flow returns or falls off",
    async () => {
      const falls: AuthScheme = {
        name: "falls off",
        *authFlow(request) {
          yield request;
          yield request;
        },
      };
      const returns: AuthScheme = {
        name: "returns",
        *authFlow(request) {
          for (let step = 1; ; step++) {
            yield request;
            if (step === 2) return;
          }
        },
      };
      for (const scheme of [falls, returns]) {
        const last = new Response("the last");
        expect(await runFlow(scheme, wire(new Response("the first"), last).next)(CALL)).toBe(last);
      }
    },
  );

  httpx.spec("flow-empty", "better: a flow that yields nothing is a typed error that says what to do", async () => {
    const empty: AuthScheme = { name: "empty", *authFlow() {} };
    const emptyAsync: AuthScheme = { name: "empty", async *authFlow() {} };
    for (const scheme of [empty, emptyAsync]) {
      const error = await rejection(runFlow(scheme, wire().next)(CALL));
      expect(isAuthError(error, "ERR_AUTHFLOW_NO_REQUEST")).toBe(true);
      expect(error.message).toContain("yield request");
    }
    const send = (): Response => new Response();
    expect(() => runFlowSync(empty, new Request(CALL), send)).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_NO_REQUEST" }),
    );
  });

  httpx.spec("flow-base-class", "a flow that only yields its request sends that unchanged", async () => {
    class Auth implements AuthScheme {
      readonly name: string = "auth";
      *authFlow(request: Request): Generator<Request, void, Response> {
        yield request;
      }
    }
    const inits: (RequestInit | undefined)[] = [];
    const next = async (_: string, init?: RequestInit): Promise<Response> => {
      inits.push(init);
      return new Response("ok");
    };

    await runFlow(new Auth(), next)(CALL, { method: "PUT", body: "body", headers: { "x-a": "1", accept: "text/x" } });

    expect(Object.fromEntries(new Headers(inits[0]?.headers))).toEqual({
      "x-a": "1",
      accept: "text/x",
      "content-type": "text/plain;charset=UTF-8", // which fetch would derive
    });
    expect([inits[0]?.method, inits[0]?.body]).toEqual(["PUT", "body"]);
  });

  httpx.spec("flow-yield-other-request", "another Request is sent as it is, without auth of its own", async () => {
    const { next, sent } = wire();
    const seen: string[] = [];
    const other: AuthScheme = {
      name: "other",
      *authFlow(request) {
        request.headers.set("authorization", "for the call");
        yield new Request("https://login.example.net/token", { method: "POST", body: "grant" });
        yield request;
      },
    };

    await runFlow(other, next, { onExchange: ({ request }) => seen.push(request.url) })(CALL);

    expect(sent).toEqual([
      { method: "POST", url: "https://login.example.net/token", authorization: null, body: "grant" },
      { method: "GET", url: CALL, authorization: "for the call", body: "" },
    ]);
    expect(seen).toEqual(["https://login.example.net/token", CALL]);
  });

  httpx.spec(
    "flow-requires-request-body",
    "a one-shot body is read before the first step, and sent whole",
    async () => {
      const server = await loopback(async (arrival, response) => {
        await arrival.read();
        response.end();
      });
      const contents: string[] = [];
      const reads: AuthScheme = {
        name: "reads",
        requiresRequestBody: true,
        *authFlow(request) {
          contents.push(decode(request.content));
          yield request;
        },
      };

      await runFlow(reads, fetch)(server.origin, upload(streamOf([encode("one-"), encode("shot")])));

      expect(contents).toEqual(["one-shot"]);
      expect(server.arrivals.map(({ bytes }) => decode(bytes))).toEqual(["one-shot"]);
      // HTTPX keeps chunked framing for what it holds in memory; servers that refuse chunked take this.
      expect(server.arrivals[0]?.headers["content-length"]).toBe("8");
    },
  );

  httpx.spec("flow-request-body-not-read", "content that was not asked for is a typed error", async () => {
    const touches: AuthScheme = {
      name: "touches",
      *authFlow(request) {
        void request.content;
        yield request;
      },
    };
    const call = runFlow(touches, wire().next)(CALL, upload(streamOf([encode("body")])));
    expect(isAuthError(await rejection(call), "ERR_AUTHFLOW_CONTENT_NOT_READ")).toBe(true);
  });

  httpx.spec("flow-requires-response-body", "the flow sends what it read in the response before", async () => {
    const scheme: AuthScheme = {
      name: "response body",
      requiresResponseBody: true,
      *authFlow(request) {
        request.headers.set("authorization", "xyz");
        const response = yield request;
        request.headers.set("authorization", decode(response.content));
        yield request;
      },
    };
    const echo = async (_: string, init?: RequestInit): Promise<Response> =>
      Response.json({ auth: new Headers(init?.headers).get("authorization") });

    const response = await runFlow(scheme, echo)(CALL);

    expect(await response.json()).toEqual({ auth: '{"auth":"xyz"}' });
  });

  httpx.spec("flow-response-body-not-read", "content that was not asked for is a typed error", async () => {
    const touches: AuthScheme = {
      name: "touches",
      *authFlow(request) {
        void (yield request).content;
      },
    };
    const final = streaming(200);
    const error = await rejection(runFlow(touches, wire(final.response).next)(CALL));
    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_NOT_READ")).toBe(true);
    expect(final.seen.chunks).toBe(0);
  });

  httpx.spec(
    "flow-response-body-final-too",
    "better: the flow asks for each response, the final one stays a stream",
    async () => {
      const final = streaming(200);
      const scheme: AuthScheme = {
        name: "challenge only",
        requiresResponseBody: ({ status }) => status === 401,
        *authFlow(request) {
          const response = yield request;
          request.headers.set("authorization", decode(response.content));
          yield request;
        },
      };
      const { next, sent } = wire(new Response("the challenge", { status: 401 }), final.response);

      const response = await runFlow(scheme, next)(CALL);

      expect(sent[1]?.authorization).toBe("the challenge");
      expect([response.bodyUsed, final.seen.chunks]).toEqual([false, 0]);
      await response.body?.cancel();
    },
  );

  httpx.spec("flow-body-replay", "a body that was read for the flow is sent again in the second step", async () => {
    const { next, sent } = wire();
    const twice: AuthScheme = {
      name: "twice",
      requiresRequestBody: true,
      *authFlow(request) {
        yield request;
        yield request;
      },
    };
    await runFlow(twice, next)(CALL, upload(streamOf([encode("one-"), encode("shot")])));
    expect(sent.map(({ body }) => body)).toEqual(["one-shot", "one-shot"]);
  });

  httpx.spec("flow-async-variant", "the asynchronous runner takes asyncAuthFlow", async () => {
    const { next, sent } = wire();
    await runFlow(new OneSided(), next)(CALL);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["async-auth"]);
  });

  httpx.spec("flow-sync-variant", "the synchronous runner takes syncAuthFlow", () => {
    const sent: (string | null)[] = [];
    runFlowSync(new OneSided(), new Request(CALL), (request) => {
      sent.push(request.headers.get("authorization"));
      return new Response();
    });
    expect(sent).toEqual(["sync-auth"]);
  });

  httpx.spec(
    "flow-unsupported-variant",
    "a scheme of one side says so in the other runner, by a typed error",
    async () => {
      const { name, syncAuthFlow, asyncAuthFlow } = {
        name: "one-sided",
        syncAuthFlow: (request: Request) => new OneSided().syncAuthFlow(request),
        asyncAuthFlow: (request: Request) => new OneSided().asyncAuthFlow(request),
      };
      const error = await rejection(runFlow({ name, syncAuthFlow }, wire().next)(CALL));
      expect(isAuthError(error, "ERR_AUTHFLOW_FLOW_KIND")).toBe(true);
      expect(() => runFlowSync({ name, asyncAuthFlow }, new Request(CALL), () => new Response())).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_FLOW_KIND" }),
      );
    },
  );

  httpx.spec(
    "flow-close-on-transport-error",
    "better: the flow gets the error at its yield, and may fall back",
    async () => {
      const refused = new TypeError("fetch failed");
      const notes: string[] = [];
      const next = async (input: string): Promise<Response> => {
        if (input === CALL) throw refused;
        return new Response("from the mirror");
      };
      const closes: AuthScheme = {
        name: "closes",
        *authFlow(request) {
          try {
            yield request;
          } finally {
            notes.push("finally");
          }
        },
      };
      const fallsBack: AuthScheme = {
        name: "falls back",
        *authFlow(request) {
          try {
            yield request;
          } catch (error) {
            notes.push(error === refused ? "saw the error" : "saw another");
            yield new Request("https://mirror.example.org/", request);
          }
        },
      };

      expect(await rejection(runFlow(closes, next)(CALL))).toBe(refused);
      expect(await (await runFlow(fallsBack, next)(CALL)).text()).toBe("from the mirror");
      expect(notes).toEqual(["finally", "saw the error"]);
    },
  );

  httpx.spec(
    "flow-close-on-cancel",
    "the flow's finally runs, and the caller gets the reason of the abort",
    async () => {
      const controller = new AbortController();
      const reached = deferred();
      const notes: string[] = [];
      const next = (_: string, init?: RequestInit): Promise<Response> =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
          reached.resolve();
        });
      const suspended: AuthScheme = {
        name: "suspended",
        async *authFlow(request) {
          try {
            yield request;
          } catch {
            notes.push("caught");
          } finally {
            notes.push("finally");
          }
        },
      };

      const call = rejection(runFlow(suspended, next)(CALL, { signal: controller.signal }));
      await reached.promise;
      controller.abort();

      expect((await call).name).toBe("AbortError");
      await settled();
      expect(notes).toEqual(["finally"]);
    },
  );

  httpx.spec(
    "flow-raise-closes-response",
    "the response is let go, finally runs, the caller gets the error",
    async () => {
      const error = new RangeError("a bad challenge");
      const notes: string[] = [];
      const { response, seen } = streaming(401);
      const raises: AuthScheme = {
        name: "raises",
        *authFlow(request) {
          try {
            yield request;
            throw error;
          } finally {
            notes.push("finally");
          }
        },
      };

      expect(await rejection(runFlow(raises, wire(response).next)(CALL))).toBe(error);
      await settled();
      expect([seen.cancelled, notes]).toEqual([true, ["finally"]]);
    },
  );

  httpx.spec("flow-closed-on-success", "finally runs before the caller gets the response", async () => {
    const notes: string[] = [];
    const tidy: AuthScheme = {
      name: "tidy",
      async *authFlow(request) {
        try {
          yield request;
        } finally {
          await settled();
          notes.push("finally");
        }
      },
    };
    await runFlow(tidy, wire().next)(CALL).then(() => notes.push("response"));
    expect(notes).toEqual(["finally", "response"]);
  });

  httpx.spec("flow-hooks-each-step", "onExchange sees each exchange as it ends: the 401, then the 200", async () => {
    const seen: unknown[] = [];
    const { next } = wire(new Response("who?", { status: 401 }));

    const response = await runFlow(answers, next, {
      onExchange: (exchange) => seen.push([exchange.response?.status, exchange.request.headers.has("authorization")]),
    })(CALL);

    expect(seen).toEqual([
      [401, false],
      [200, true],
    ]);
    expect(historyOf(response)).toHaveLength(1);
  });

  httpx.spec("flow-hooks-redirect", "both requests of a redirect carry credentials, and both are seen", async () => {
    const seen: unknown[] = [];
    const basic: AuthScheme = {
      name: "basic",
      sendsOnce: true,
      *authFlow(request) {
        request.headers.set("authorization", "Basic dXNlcjpwYXNz");
        yield request;
      },
    };
    const { next, sent } = wire(new Response(null, { status: 303, headers: { location: "/" } }));

    await runFlow(basic, next, { onExchange: ({ response, request }) => seen.push([response?.status, request.url]) })(
      `${CALL}redirect`,
    );

    expect(seen).toEqual([
      [303, `${CALL}redirect`],
      [200, CALL],
    ]);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Basic dXNlcjpwYXNz", "Basic dXNlcjpwYXNz"]);
  });

  httpx.spec(
    "flow-hook-sees-auth",
    "a fetch inside sees the header; onExchange sees that there was one, redacted",
    async () => {
      const { next, sent } = wire();
      const preemptive: AuthScheme = {
        name: "preemptive",
        *authFlow(request) {
          request.headers.set("authorization", "Basic dXNlcjpwYXNz");
          yield request;
        },
      };

      const response = await runFlow(preemptive, next)(CALL);

      expect(sent[0]?.authorization).toBe("Basic dXNlcjpwYXNz");
      expect(exchangesOf(response)[0]?.request.headers.get("authorization")).toBe("Basic [redacted]");
    },
  );

  httpx.spec(
    "flow-lock-across-yield",
    "better: work is shared by a single flight, so no stream keeps others waiting",
    async () => {
      const shared = singleFlight<string>();
      let logins = 0;
      const logsIn: AuthScheme = {
        name: "logs in",
        async *authFlow(request) {
          const token = await shared("login", async () => `token ${++logins}`);
          request.headers.set("authorization", token);
          yield request;
        },
      };
      const streams = [streaming(200), streaming(200), streaming(200)];
      const { next, sent } = wire(...streams.map(({ response }) => response));
      const authFetch = runFlow(logsIn, next);

      const first = await authFetch(CALL); // an open stream, for as long as its caller likes
      await Promise.all([authFetch(CALL), authFetch(CALL)]);

      expect(sent.map(({ authorization }) => authorization)).toEqual(["token 1", "token 2", "token 2"]);
      expect(first.bodyUsed).toBe(false);
    },
  );

  httpx.complete();
});
