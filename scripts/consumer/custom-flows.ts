// A flow of one's own: what `yield` gives is inferred in literals and functions, `content` where its flag is true, and a
// class annotates its method. Compiled against the tarballs in every set-up; nothing here runs.
import {
  type AsyncFlow,
  type AsyncScheme,
  defineScheme,
  type FlowRequest,
  type SyncFlow,
  type SyncScheme,
} from "@authflow/flow";

export const literal = defineScheme({
  name: "token",
  *authFlow(request) {
    const response = yield request;
    if (response.status !== 401) return;
    request.headers.set("x-token", response.headers.get("x-challenge") ?? "");
    yield request;
  },
});

export const waits = defineScheme({
  name: "token",
  async *authFlow(request, { signal, send }) {
    signal?.throwIfAborted();
    const token = await (await send(new Request("https://auth.example/token"))).text();
    request.headers.set("authorization", `Bearer ${token}`);
    const response = yield request;
    const status: number = response.status;
    void status;
  },
});

export const returns = defineScheme({
  name: "returns",
  *authFlow(request) {
    const response = yield request;
    if (response.status === 304) return new Response("what was kept");
    if (response.ok) return response;
    return yield request;
  },
});

export const waitsAndReturns = defineScheme({
  name: "returns",
  async *authFlow(request) {
    const response = yield request;
    if (response.ok) return response;
    return yield request;
  },
});

export const kind: SyncScheme = defineScheme({
  name: "kind",
  *authFlow(request) {
    return yield request;
  },
});

export const inside: AsyncScheme = defineScheme({
  name: "inside",
  async *authFlow(request, context) {
    const response = yield* kind.authFlow(request, context);
    if (response) return response;
    return yield request;
  },
});

export const readsRequest = defineScheme({
  name: "signature",
  requiresRequestBody: true,
  *authFlow(request) {
    request.headers.set("x-length", String(request.content.byteLength));
    const response = yield request;
    // @ts-expect-error the content of a response is there when requiresResponseBody asks for it
    void response.content;
  },
});

export const readsResponse = defineScheme({
  name: "nonce",
  requiresResponseBody: true,
  *authFlow(request) {
    const response = yield request;
    const bytes: Uint8Array = response.content;
    // @ts-expect-error the content of a request is there when requiresRequestBody asks for it
    void request.content;
    request.headers.set("x-nonce", new TextDecoder().decode(bytes));
    yield request;
  },
});

class Counter {
  readonly name = "counter";
  #calls = 0;

  *authFlow(request: FlowRequest): SyncFlow {
    this.#calls += 1;
    request.headers.set("x-count", String(this.#calls));
    const response = yield request;
    const status: number = response.status;
    void status;
  }
}

class Waiting {
  readonly name = "waiting";

  async *authFlow(request: FlowRequest): AsyncFlow {
    await Promise.resolve();
    yield request;
  }
}

export const instances = [defineScheme(new Counter()), defineScheme(new Waiting())];

export const signs = defineScheme((request) => {
  request.headers.set("x-signed", "yes");
  return request;
});

const yieldsNumber = {
  name: "wrong",
  *authFlow() {
    yield 1;
  },
};
// @ts-expect-error a number is no step
defineScheme(yieldsNumber);
