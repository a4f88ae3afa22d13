/** A function that fetches, in the shape of the platform's own. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What every scheme is: give it a fetch, get the same fetch back, authenticated. Keeps the type of what it wraps. */
// Parameters are compared contravariantly, so `any` is the one type that lets every fetch-like function in, from the
// platform's to those of undici, ky, wretch and MCP, each with its own Request and init.
// oxlint-disable-next-line typescript/no-explicit-any
export type Middleware = <F extends (input: any, init?: any) => Promise<any>>(next: F, options?: RunOptions) => F;

/** What `compose` and routes accept: any middleware, also one that is typed for a narrower fetch. */
// oxlint-disable-next-line typescript/no-explicit-any
export type FetchMiddleware = (next: any) => any;

/** Bytes in a buffer of their own. (Spelled so that TypeScript before 5.7, whose Uint8Array has no parameter, reads it.) */
export type Bytes = ReturnType<Uint8Array["slice"]>;

/** The request that a flow is given. Its body stays with the runner, so `body` is null; see {@link SchemeBase.requiresRequestBody}. */
export type FlowRequest = Request & {
  /**
   * The bytes of the call's body.
   * @throws `ERR_AUTHFLOW_CONTENT_NOT_READ` unless the scheme's `requiresRequestBody` asked for them before this step
   */
  readonly content: Bytes;
};

/** The response that a flow is resumed with: the very object that the fetch inside gave. */
export type FlowResponse = Response & {
  /**
   * The bytes of the response's body, read from a copy: the response itself stays readable.
   * @throws `ERR_AUTHFLOW_CONTENT_NOT_READ` unless the scheme's `requiresResponseBody` asked for them
   */
  readonly content: Bytes;
};

/** A flow without I/O of its own: it yields Requests and is resumed with their Responses, by any transport. */
export type SyncFlow = Generator<Request, Response | void, FlowResponse>;

/** A flow that also waits for something else, such as a lock, a disk or a token. */
export type AsyncFlow = AsyncGenerator<Request, Response | void, FlowResponse>;

/** What a flow knows of the call that it runs for. */
export interface FlowContext {
  /** The caller's signal. An async flow that waits should watch it: nothing else can interrupt its wait. */
  readonly signal: AbortSignal | undefined;
  /** The user name that stood in the URL, percent-decoded; `undefined` without one and on a redirect elsewhere. */
  readonly user: string | undefined;
  /**
   * Sends a request of the scheme's own, such as a token request, through the same fetch. It is no step of the flow:
   * it isn't tied to the signal of this call, so others may wait for its result, and no redirect is followed.
   */
  readonly send: (request: Request, options?: { readonly signal?: AbortSignal | undefined }) => Promise<Response>;
}

/** What all schemes have in common. */
export interface SchemeBase {
  /** The scheme's noun, such as `basic`; it stands in errors. */
  readonly name: string;
  /** Asked before each step: whether `request.content` has to be read. Default: no. */
  readonly requiresRequestBody?: boolean | ((request: FlowRequest, response?: FlowResponse) => boolean);
  /** Asked for each response: whether `response.content` has to be read. Default: no. */
  readonly requiresResponseBody?: boolean | ((response: FlowResponse) => boolean);
  /**
   * The flow sends the call's own request once, and doesn't touch it after that: nothing of a stream is recorded, and no
   * copies are made that keep what was sent apart from what the flow changes later. Default: `false`.
   */
  readonly sendsOnce?: boolean;
  /**
   * `call` (default): the credentials belong to the origin of the call, and are silent elsewhere.
   * `origin`: the scheme looks credentials up by the origin of each hop, so it runs after a redirect elsewhere, too.
   */
  readonly scope?: "call" | "origin";
  /**
   * Headers and query parameters that hold its credentials, such as `["x-api-key"]`; Authorization and Cookie are known.
   * What a flow changes is taken for a credential anyway; these are also where the caller's own headers or URL hold the
   * very same already. Default: none.
   */
  readonly secretNames?: readonly string[] | undefined;
  /** Where the scheme may act, such as `["https://api.example.com"]`. Elsewhere it sends nothing and answers nothing. */
  readonly origins?: readonly string[] | undefined;
  /**
   * For the type checker alone, nobody sets it: by its name any function would pass for a scheme, such as a fetch, or
   * what makes schemes. What `defineScheme` makes does.
   */
  readonly [Symbol.hasInstance]?: "A function is no scheme. Call what makes one, as in basic({ … }).";
}

/** An authentication scheme: an object with a name and a flow. Literals and class instances are alike. */
export interface AuthScheme extends SchemeBase {
  /** The flow, as a `function*` (runs everywhere) or an `async function*` (not with `runFlowSync`). */
  authFlow?(request: FlowRequest, context: FlowContext): SyncFlow | AsyncFlow;
  /** Taken by `runFlowSync` instead of `authFlow`. */
  syncAuthFlow?(request: FlowRequest, context: FlowContext): SyncFlow;
  /** Taken by `runFlow` instead of `authFlow`. */
  asyncAuthFlow?(request: FlowRequest, context: FlowContext): AsyncFlow;
}

/** A function that authenticates a request: what it returns is sent, once. */
export type AuthFunction = (request: Request) => Request | Promise<Request>;

/** A scheme that is also the middleware which drives it: what `defineScheme` gives. */
export type Scheme = Middleware & AuthScheme;

/** One exchange on the wire, with every credential redacted. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    /** Without user name, password, fragment and credentials of the query. */
    readonly url: string;
    /** What went out, as far as it is seen here. Credentials read `Basic [redacted]` or `[redacted]`. */
    readonly headers: Headers;
  };
  /** `undefined` where the transport failed, see {@link Exchange.error}. */
  readonly response: { readonly status: number; readonly headers: Headers } | undefined;
  /** The error of the transport; `undefined` where there was a response. */
  readonly error: unknown;
  /** From the send to the response's headers, in milliseconds. */
  readonly duration: number;
  /** The request was the scheme's own (a token request, say), not the call's. */
  readonly side: boolean;
  /** `["authorization"]` where one was set and a wrapper further inside took it off again, else empty. */
  readonly dropped: readonly string[];
}

/** How the runner treats a call. */
export interface RunOptions {
  /** How many bytes of a streamed body are kept to send it a second time. Default: 1 MiB (1,048,576). */
  readonly replayLimit?: number | undefined;
  /** How many bytes are read for a flow that asks for a body's content. Default: 16 MiB (16,777,216). */
  readonly contentLimit?: number | undefined;
  /**
   * Sees each exchange as it ends. What it throws doesn't reach the call: it is reported as an uncaught error.
   */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}
