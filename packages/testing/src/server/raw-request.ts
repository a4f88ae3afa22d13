import type { Bytes } from "@authflow/flow";

/** A request as the bytes that came over the wire. */
export interface RawRequest {
  /** The request line and the header lines with every end of line, one character an octet. */
  readonly head: string;
  /** The body without the frames of its chunks. */
  readonly body: Bytes;
  /** The number of the connection that it came in on, from 1. */
  readonly socket: number;
}
