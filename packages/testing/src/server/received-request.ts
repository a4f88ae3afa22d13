import type { Bytes } from "@authflow/flow";

/** A request as it came over the wire, growing while its body comes in. */
export interface ReceivedRequest {
  /** As it stood on the request line. */
  readonly method: string;
  /** The request-target, as it stood on the request line. */
  readonly target: string;
  /** The target at the server's own origin. */
  readonly url: string;
  /** Every header line in order, in its own letter case, one character an octet. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly headers: Headers;
  /** The number of the connection that it came in on, from 1. */
  readonly socket: number;
  /** How many bytes of the body came in so far. */
  readonly length: number;
  /** SHA-256 of every byte of the body so far, in hex. */
  readonly sha256: string;
  /** The first 64 KiB of the body. */
  readonly body: Bytes;
  /** The same as text (UTF-8). */
  readonly text: string;
  /** Whether the body came in whole. */
  readonly complete: boolean;
  /** Settles when the body is whole, or the client gone: see `complete`. */
  readonly ended: Promise<void>;
  /** Settles when the connection is closed, from whichever side. */
  readonly closed: Promise<void>;
}
