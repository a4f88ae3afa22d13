// What the site is told to do, and what it tells of: plain JSON, since it goes over the wire to every runtime.
import type { DigestRules } from "@authflow/testing/server";

/** One response. */
export interface Reply {
  /** Default: 200. */
  readonly status?: number;
  /** Default: none. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A text, or how many bytes. Default: none. */
  readonly body?: string | number;
  /** `at once`: before the body of the request is read. Default: after it. */
  readonly when?: "at once" | "after the body";
  /** Whether pages of other origins may not see these headers. */
  readonly isUnexposed?: true;
  /** `reset` cuts the connection, `silence` never answers, `endless` sends a body that doesn't end. */
  readonly fault?: "reset" | "silence" | "endless";
}

/**
 * How a place of the site answers: with one reply after the other, the last one for good; with a refusal to whatever
 * Authorization it doesn't want; or as a digest server.
 */
export type Behaviour =
  | { readonly replies: readonly Reply[] }
  | { readonly wants: string; readonly refusal: Reply }
  | { readonly digest: Omit<DigestRules, "now" | "nonce"> };

/** An origin of the site. In a browser, `own` is that of the page. */
export type OriginName = "own" | "here" | "elsewhere";

/** A request as the site saw it. */
export interface Seen {
  readonly origin: OriginName;
  readonly method: string;
  /** As it stood on the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The number of the connection that it came in on. */
  readonly socket: number;
  /** Of the body, in bytes. */
  readonly length: number;
  /** SHA-256 of the body, in hex. */
  readonly sha256: string;
  /** The beginning of the body, as text. */
  readonly text: string;
  /** Whether the body came in whole. */
  readonly complete: boolean;
  /** What a digest server made of it, such as `accepted` or `the response is wrong`. */
  readonly verdict?: string;
}

/** What became of one case. */
export interface Outcome {
  /** The number of the case. */
  readonly index: number;
  /** Why it failed; none if it passed. */
  readonly failure?: string;
}
