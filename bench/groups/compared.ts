import type { Next } from "./mock-next.ts";

export type Run = () => Promise<Response>;

/** A way to send an authenticated request, compared with what somebody would write by hand for the same request. */
export interface Compared {
  readonly name: string;
  /** Makes a call through the mock, again and again. */
  readonly make: (next: Next) => Run | Promise<Run>;
  readonly byHand: (next: Next) => Run;
  /** How many times as long as by hand it may take. */
  readonly limit?: number;
}
