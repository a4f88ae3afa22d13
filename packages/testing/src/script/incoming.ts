import type { Bytes } from "@authflow/flow";
import { NO_BYTES, recorded, type RecordedRequest } from "../recorded-request.ts";

/** A call of a scripted fetch: the request that it makes, and how it was called. */
export interface RecordedCall extends RecordedRequest {
  /** The first argument, as it was given. */
  readonly input: string | URL | Request;
  /** The second argument, as it was given. */
  readonly init: RequestInit | undefined;
  /** Arguments after the second. */
  readonly rest: readonly unknown[];
  readonly signal: AbortSignal | undefined;
}

/** A call as it comes in, its body not yet read. */
export interface Incoming {
  readonly request: Request;
  readonly signal: AbortSignal | undefined;
  /** What is recorded, given the bytes that were read. */
  readonly record: (body: Bytes) => RecordedCall;
}

/**
 * Reads the arguments as fetch does: init goes before the Request's own members, and the body of a Request is used.
 *
 * @throws TypeError for what fetch refuses, such as a URL with a user name
 */
export function incoming(
  input: string | URL | Request,
  init: RequestInit | undefined,
  rest: readonly unknown[],
): Incoming {
  const isRequest = typeof input === "object" && "headers" in input;
  const given = isRequest ? input.url : String(input);
  const signal = init?.signal === null ? undefined : (init?.signal ?? (isRequest ? input.signal : undefined));
  // Not into the Request: what is made with a signal that lives long makes the next one slower (Node).
  const { signal: _signal, ...members } = init ?? {};
  const request = isRequest
    ? new Request(asPlatformRequest(input), withDuplex({ ...members, signal: null }))
    : new Request(URL.canParse(given) ? given : new URL(given, "http://relative.invalid/").href, withDuplex(members));
  const url = URL.canParse(given) ? request.url : given;
  const { method, headers } = request;
  const sent = recorded({ method, url, headers }, NO_BYTES);
  return {
    request,
    signal,
    record: (body) => Object.assign(recorded(sent, body), { input, init, rest, signal }),
  };
}

/** A Request of another class (undici's own, node-fetch's) as one of the platform's. */
function asPlatformRequest(request: Request): Request {
  if (request instanceof Request) return request;
  const { url, method, headers, body } = request as Request;
  return new Request(url, withDuplex({ method, headers: [...headers], body }));
}

// The platform wants to be told that a stream is sent before the response is read; the types don't know the member.
function withDuplex(init: RequestInit): RequestInit {
  return init.body instanceof ReadableStream ? Object.assign({ duplex: "half" }, init) : init;
}
