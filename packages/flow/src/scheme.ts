import { FlowKindError } from "./errors/flow-kind.ts";
import { InvalidSchemeError } from "./errors/invalid-scheme.ts";
import { behind, hasFlow, layerOf } from "./run/layer.ts";
import { claim } from "./run/stage.ts";
import { isFetch, runFlow } from "./run/wrap.ts";
import { isThenable } from "./shape.ts";
import type {
  AuthFunction,
  AuthScheme,
  FlowContext,
  FlowRequest,
  FlowResponse,
  Middleware,
  Scheme,
  SchemeBase,
} from "./types.ts";

type Sync<R> = Generator<Request, Response | void, R>;
type Async<R> = AsyncGenerator<Request, Response | void, R>;
/** One contextual type for both: tried one after the other, the first would decide what `yield` gives in the second. */
type Either<R> = Sync<R> | Async<R>;
type Defined<F> = Middleware & SchemeBase & { authFlow(request: Request, context: FlowContext): F };

interface Literal<Q, G> extends Omit<SchemeBase, "requiresRequestBody" | "requiresResponseBody"> {
  authFlow(request: Q, context: FlowContext): G;
}
interface ReadsRequest {
  readonly requiresRequestBody: true | ((request: FlowRequest, response?: FlowResponse) => boolean);
}
interface ReadsResponse {
  readonly requiresResponseBody: true | ((response: FlowResponse) => boolean);
}
interface KeepsRequest {
  readonly requiresRequestBody?: boolean;
}
interface KeepsResponse {
  readonly requiresResponseBody?: boolean;
}

/** A scheme whose flow has no I/O of its own, so other flows can run it with `yield*`. */
export type SyncScheme = Defined<Sync<Response>>;
/** A scheme whose flow waits for more than its requests. */
export type AsyncScheme = Defined<Async<Response>>;

/**
 * Makes a scheme, and the middleware that drives it, one value: `scheme(fetch)` is a fetch that authenticates.
 *
 * The scheme may be a literal, an instance of a class or a function `(request) => request`. It is not copied: private
 * fields and methods of its prototype work as they do on the object itself. Where another flow runs it with `yield*`, its
 * type says of which kind it is: `const inner: SyncScheme = defineScheme({ … })`.
 *
 * @param scheme an object with a `name` and an `authFlow`, or a function
 * @returns the middleware, which is a scheme itself
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for anything else, at once
 *
 * @example
 * import { defineScheme } from "@authflow/flow";
 *
 * const token = defineScheme({
 *   name: "token",
 *   *authFlow(request) {
 *     const response = yield request;
 *     if (response.status === 401) {
 *       request.headers.set("authorization", "Token 123");
 *       yield request;
 *     }
 *   },
 * });
 * const stub: typeof fetch = async () => new Response("hello");
 * const authFetch = token(stub);
 * console.log(await (await authFetch("https://example.com/")).text()); // → hello
 */
// The flags decide what a literal's flow may read, so each combination is an overload: a type parameter for the scheme
// would stop TypeScript from inferring `const response = yield request`. The parameter that there is comes from the type that
// is expected, and from nothing else.
export function defineScheme<F extends Either<Response> = Either<Response>>(
  scheme: Literal<FlowRequest, Either<FlowResponse>> & ReadsRequest & ReadsResponse,
): Defined<F>;
export function defineScheme<F extends Either<Response> = Either<Response>>(
  scheme: Literal<FlowRequest, Either<Response>> & ReadsRequest & KeepsResponse,
): Defined<F>;
export function defineScheme<F extends Either<Response> = Either<Response>>(
  scheme: Literal<Request, Either<FlowResponse>> & KeepsRequest & ReadsResponse,
): Defined<F>;
export function defineScheme<F extends Either<Response> = Either<Response>>(
  scheme: Literal<Request, Either<Response>> & KeepsRequest & KeepsResponse,
): Defined<F>;
export function defineScheme(scheme: AuthFunction): Scheme;
export function defineScheme(scheme: AuthScheme): Scheme;
export function defineScheme(scheme: AuthScheme | AuthFunction): Scheme;
export function defineScheme(scheme: AuthScheme | AuthFunction): Scheme {
  if (isDefined(scheme)) return scheme;
  const isPlain = typeof scheme === "function" && !hasFlow(scheme);
  const { scheme: object } = layerOf(isPlain ? functionScheme(scheme) : scheme);
  const middleware: Middleware = (next, options) => runFlow(object, next, options);
  for (const member of MEMBERS) {
    Object.defineProperty(middleware, member, {
      // Asked from the object each time, since it may compute them.
      get(): unknown {
        const value: unknown = object[member];
        return typeof value === "function" ? value.bind(object) : value;
      },
      configurable: true,
    });
  }
  behind.set(middleware, object);
  return middleware as Scheme; // it has the members now
}

const MEMBERS = [
  "name",
  "requiresRequestBody",
  "requiresResponseBody",
  "sendsOnce",
  "scope",
  "secretNames",
  "origins",
  "authFlow",
  "syncAuthFlow",
  "asyncAuthFlow",
] as const satisfies readonly (keyof AuthScheme)[];

function isDefined(scheme: unknown): scheme is Scheme {
  return behind.has(scheme as object); // what is no object is in no WeakMap
}

/** A function as a scheme: what it returns is sent, once. */
function functionScheme(authenticate: AuthFunction): AuthScheme {
  const name = authenticate.name || "auth function";
  if (isFetch(authenticate)) throw new InvalidSchemeError(`"${name}" is a fetch.`);
  return {
    name,
    sendsOnce: true,
    *syncAuthFlow(request) {
      const authenticated = authenticate(request);
      if (isThenable(authenticated)) {
        authenticated.then(undefined, () => {});
        throw new FlowKindError(name, "sync");
      }
      yield claim(authenticated);
    },
    async *asyncAuthFlow(request) {
      yield claim(await authenticate(request));
    },
  };
}
