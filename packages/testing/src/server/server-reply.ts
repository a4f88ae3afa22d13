import type { FieldsInit } from "../script/reply.ts";

/** A response of a loopback server. */
export interface ServerReply {
  /** Default: 200. */
  readonly status?: number | undefined;
  /** Sent as they stand, several of one name as several lines. A value with characters above U+00FF is sent as UTF-8. */
  readonly headers?: FieldsInit | undefined;
  /** Text is sent as UTF-8; what comes in pieces is sent in chunks. Default: none. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}
