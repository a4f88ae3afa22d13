import type { Bytes } from "../types.ts";

/** A body that the runner keeps for as long as it may have to be sent again. */
export interface BodySource {
  /** The Content-Type that the platform would derive from the body; `undefined` where there is none or it is derived at the send. */
  readonly type: string | undefined;
  /** Whether {@link open} can give the whole body now. */
  readonly replayable: boolean;
  /** The whole body, for one send; asked for only while it is {@link replayable}. What an earlier send has not taken yet, it no longer gets. */
  open(): BodyInit | null | Promise<BodyInit | null>;
  /** The turn ends in which fetch was called: what has not been taken yet may change from here on. */
  endTurn?(): void;
  /** The bytes of the body, which are then what is sent; asked for only while it is {@link replayable}. */
  content(limit: number): Promise<Bytes>;
  /** The call has its response: nothing is sent again. An upload that still runs goes on, until `signal` ends it. */
  settle(signal: AbortSignal | undefined): void;
  /** The call failed, or needs no body any more: what is on its way ends with an error, the caller's stream is cancelled. */
  fail(reason: unknown): void;
}

/** How much of a body is kept: nothing of a stream that is sent once, else up to `replayLimit` bytes. */
export interface BodyLimits {
  readonly sendsOnce: boolean;
  readonly replayLimit: number;
}
