import type { Bytes } from "@authflow/flow";

/** A request as it was at the moment it was sent: what happens to the Request afterwards doesn't show here. */
export interface RecordedRequest {
  /** As it went out: the platform writes `get` and `post` in capitals, and leaves `patch` as it is. */
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** The bytes of the body; empty where there was none. */
  readonly body: Bytes;
  /** The body as text (UTF-8). */
  readonly text: string;
}

/** Keeps what a request is right now; its body, which can be read only once, comes along. */
export function recorded(
  { method, url, headers }: Pick<Request, "method" | "url" | "headers">,
  body: Bytes,
): RecordedRequest {
  return {
    method,
    url,
    headers: new Headers(headers),
    body,
    get text() {
      return new TextDecoder().decode(body);
    },
  };
}

export const NO_BYTES: Bytes = new Uint8Array(0);
