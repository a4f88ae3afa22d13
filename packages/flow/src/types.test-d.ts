// What TypeScript knows of a scheme. Nothing here runs; `tsc -p tsconfig.test.json` reads it.
import { expectTypeOf } from "vitest";
import {
  type AsyncFlow,
  type AsyncScheme,
  type AuthFunction,
  type AuthScheme,
  defineScheme,
  type Exchange,
  exchangesOf,
  type Fetch,
  type FetchMiddleware,
  type FlowContext,
  type FlowRequest,
  type FlowResponse,
  historyOf,
  type Middleware,
  runFlow,
  runFlowSync,
  type RunOptions,
  type Scheme,
  type SyncFlow,
  type SyncScheme,
} from "./index.ts";

// ——— `const r = yield request` is inferred, and `content` is typed where its flag is true, and only there.

export const neither: SyncScheme = defineScheme({
  name: "neither",
  *authFlow(request) {
    expectTypeOf(request).toEqualTypeOf<Request>();
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<Response>();
    // @ts-expect-error requiresResponseBody isn't set
    void response.content;
    // @ts-expect-error requiresRequestBody isn't set
    void request.content;
  },
});

export const readsRequest: SyncScheme = defineScheme({
  name: "reads the request",
  requiresRequestBody: true,
  *authFlow(request) {
    expectTypeOf(request).toEqualTypeOf<FlowRequest>();
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<Response>();
    expectTypeOf(request.content).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
    // @ts-expect-error requiresResponseBody isn't set
    void response.content;
  },
});

export const readsResponse: SyncScheme = defineScheme({
  name: "reads the response",
  requiresResponseBody: true,
  *authFlow(request) {
    expectTypeOf(request).toEqualTypeOf<Request>();
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<FlowResponse>();
    expectTypeOf(response.content).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
    // @ts-expect-error requiresRequestBody isn't set
    void request.content;
  },
});

export const readsBoth: SyncScheme = defineScheme({
  name: "reads both",
  requiresRequestBody: true,
  requiresResponseBody: true,
  *authFlow(request) {
    const response = yield request;
    void (request.content.length + response.content.length);
  },
});

export const waits: AsyncScheme = defineScheme({
  name: "waits",
  async *authFlow(request, context) {
    expectTypeOf(context).toEqualTypeOf<FlowContext>();
    expectTypeOf(context.signal).toEqualTypeOf<AbortSignal | undefined>();
    expectTypeOf(context.user).toEqualTypeOf<string | undefined>();
    const token = await context.send(new Request("https://idp.test/token"));
    expectTypeOf(token).toEqualTypeOf<Response>();
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<Response>();
    // @ts-expect-error requiresResponseBody isn't set
    void response.content;
  },
});

// What a flow returns doesn't take away what `yield` gives, with and without a type that is expected.
export const waitsAndReturns = defineScheme({
  name: "waits and returns",
  async *authFlow(request) {
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<Response>();
    if (response.ok) return response;
    return yield request;
  },
});
export const returns: AsyncScheme = defineScheme({
  name: "returns",
  requiresResponseBody: true,
  async *authFlow(request) {
    const response = yield request;
    void response.content;
    return response.ok ? response : yield request;
  },
});
defineScheme({
  name: "yields a number",
  // @ts-expect-error a flow yields requests
  async *authFlow() {
    yield 5;
  },
});

export const waitsAndReads: AsyncScheme = defineScheme({
  name: "waits and reads",
  requiresRequestBody: true,
  requiresResponseBody: true,
  async *authFlow(request) {
    const response = yield request;
    void (request.content.length + response.content.length);
  },
});

export const waitsAndReadsRequest: AsyncScheme = defineScheme({
  name: "waits and reads the request",
  requiresRequestBody: true,
  async *authFlow(request) {
    const response = yield request;
    void request.content;
    // @ts-expect-error requiresResponseBody isn't set
    void response.content;
  },
});

export const waitsAndReadsResponse: AsyncScheme = defineScheme({
  name: "waits and reads the response",
  requiresResponseBody: true,
  async *authFlow(request) {
    const response = yield request;
    void response.content;
    // @ts-expect-error requiresRequestBody isn't set
    void request.content;
  },
});

// ——— A flag that is a function may say true, so `content` is typed; a boolean that may be false doesn't say so.

export const asked: SyncScheme = defineScheme({
  name: "asked",
  requiresRequestBody: (request) => request.method === "POST",
  requiresResponseBody: (response) => response.status === 401,
  *authFlow(request) {
    const response = yield request;
    void (request.content.length + response.content.length);
  },
});

export const flagged = (flag: boolean): SyncScheme =>
  defineScheme({
    name: "flagged",
    requiresRequestBody: flag,
    *authFlow(request) {
      // @ts-expect-error the flag may be false
      void request.content;
      yield request;
    },
  });

export const answersItself: SyncScheme = defineScheme({
  name: "answers itself",
  *authFlow(request) {
    yield request;
    return new Response();
  },
});

// ——— Members of SchemeBase, also from options whose members may be missing (exactOptionalPropertyTypes).

export const withOptions = (options: Pick<AuthScheme, "sendsOnce" | "scope" | "origins">): SyncScheme =>
  defineScheme({
    name: "with options",
    ...options,
    *authFlow(request) {
      yield request;
    },
  });

export const misspelt: AuthScheme = {
  name: "misspelt",
  // @ts-expect-error no scope of that name
  scope: "host",
};
// @ts-expect-error undefined is no scope: leave the member out
export const notExact: AuthScheme = { name: "not exact", scope: undefined };

// ——— Functions: what they return is sent.

export const fromFunction: Scheme = defineScheme((request) => {
  expectTypeOf(request).toEqualTypeOf<Request>();
  return request;
});
export const fromAsyncFunction: Scheme = defineScheme(async (request) => new Request(request));
// @ts-expect-error a function has to return a Request
defineScheme((request) => request.url);
// @ts-expect-error a function that changes its request has to return it, too
defineScheme((request) => {
  request.headers.set("x", "y");
});
// @ts-expect-error a scheme has a name
defineScheme({
  *authFlow(request: Request): SyncFlow {
    yield request;
  },
});
defineScheme({
  name: "yields text",
  // @ts-expect-error a flow yields Requests
  *authFlow(request) {
    yield request.url;
  },
});

// ——— Every function has a name, and none is a scheme by that.

const makesOne = (options: { readonly token: string }): Scheme => defineScheme(() => new Request(options.token));
// @ts-expect-error a fetch is no scheme
export const fetchAsScheme: AuthScheme = fetch;
// @ts-expect-error nor is a fetch that a scheme wraps
defineScheme(fromFunction(fetch));
// @ts-expect-error what makes a scheme has to be called
defineScheme(makesOne);
// @ts-expect-error what makes a scheme has to be called
export const madeOfMaker: typeof fetch = runFlow(makesOne, fetch);
// @ts-expect-error the other way round
runFlow(fetch, fromFunction);
// @ts-expect-error a function that authenticates is made a scheme first
runFlow((request: Request) => request, fetch);
// @ts-expect-error a middleware drives schemes, and is none
export const middlewareAsScheme: AuthScheme = (() => fetch) as unknown as Middleware;
export const either: Scheme = defineScheme(fromFunction as AuthScheme | AuthFunction);
class Signature implements AuthScheme {
  readonly name = "signature";
  apply(): void {} // is a function's as well
  *authFlow(request: Request): SyncFlow {
    yield request;
  }
}
export const withApply: Scheme = defineScheme(new Signature());

// ——— Classes annotate their methods; no base class, no instanceof.

export class PlainClass implements AuthScheme {
  readonly name = "plain";
  *authFlow(request: Request): SyncFlow {
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<FlowResponse>();
  }
}

export class ReadingClass implements AuthScheme {
  readonly name = "reading";
  readonly requiresRequestBody = true;
  async *authFlow(request: FlowRequest, { signal }: FlowContext): AsyncFlow {
    void signal?.aborted;
    const response = yield request;
    void (response.status + request.content.length);
  }
}

export class TwoSided implements AuthScheme {
  readonly name = "two-sided";
  *syncAuthFlow(request: Request): SyncFlow {
    yield request;
  }
  async *asyncAuthFlow(request: Request): AsyncFlow {
    yield request;
  }
}

export const instances: readonly Scheme[] = [new PlainClass(), new ReadingClass(), new TwoSided()].map((scheme) =>
  defineScheme(scheme),
);

export const literal: AuthScheme = {
  name: "literal",
  *authFlow(request) {
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<FlowResponse>();
  },
};
export const satisfying = {
  name: "satisfying",
  async *authFlow(request) {
    const response = yield request;
    expectTypeOf(response).toEqualTypeOf<FlowResponse>();
  },
} satisfies AuthScheme;

// ——— A scheme is a middleware, and goes where schemes and middlewares go.

export const asMiddleware: Middleware = neither;
export const asFetchMiddleware: FetchMiddleware = neither;
export const asSchemes: readonly AuthScheme[] = [neither, waits, fromFunction, literal, new PlainClass()];
export const asFetch: typeof fetch = neither(fetch);
export const ownFetch: Fetch = readsRequest((input: string | URL | Request, init?: RequestInit) => fetch(input, init));

// The type of what is wrapped is kept: its members, its narrower parameters, its own Response.
declare const withMembers: typeof fetch & { preconnect(url: string): void };
neither(withMembers).preconnect("https://a.test");
declare const narrower: (url: string, init?: { readonly custom: 1 }) => Promise<Response & { readonly extra: string }>;
expectTypeOf(neither(narrower)).toEqualTypeOf<typeof narrower>();
// @ts-expect-error what is wrapped gives a promise of a response
neither((url: string) => url);

// ——— Flows run flows, with `yield*`.

export const outer: SyncScheme = defineScheme({
  name: "outer",
  *authFlow(request, context) {
    const response = yield* neither.authFlow(request, context);
    expectTypeOf(response).toEqualTypeOf<Response | void>();
  },
});
export const outerAsync: AsyncScheme = defineScheme({
  name: "outer, async",
  async *authFlow(request, context) {
    yield* neither.authFlow(request, context);
    yield* waits.authFlow(request, context);
  },
});

// ——— The runners, their options, the history.

export const options: RunOptions = {
  replayLimit: undefined,
  contentLimit: 1024,
  onExchange: (exchange) => {
    expectTypeOf(exchange).toEqualTypeOf<Exchange>();
    void exchange.response?.status;
    // @ts-expect-error a transport that failed gives no response
    void exchange.response.status;
  },
};
export const ran: typeof fetch = runFlow(new PlainClass(), fetch, options);
export const sync: Response = runFlowSync(neither, new Request("https://a.test/"), () => new Response(), {
  content: "text",
  user: undefined,
});
expectTypeOf(historyOf(sync)).toEqualTypeOf<readonly Exchange[]>();
expectTypeOf(exchangesOf(new Error("any value"))).toEqualTypeOf<readonly Exchange[]>();
