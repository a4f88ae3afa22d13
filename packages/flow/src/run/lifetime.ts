import type { BodySource } from "../body/body-source.ts";
import type { ExchangeLog } from "../history.ts";
import { isThenable } from "../shape.ts";
import type { AsyncFlow, SyncFlow } from "../types.ts";

export type Flow = SyncFlow | AsyncFlow;
export type FlowStep = ReturnType<Flow["next"]>;

/** How often a flow may yield on the way out, before it is left alone. */
const PATIENCE = 20;

const NONE: readonly { readonly flow: Flow }[] = [];

/** What runs and what is under way for a call, so that an abort can end all of it at once. */
export class Lifetime {
  readonly signal: AbortSignal | undefined;
  /** Set when nothing more may be sent, with the reason. */
  over: { readonly reason: unknown } | undefined;
  /** The flows that run, the innermost last. */
  stack: readonly { readonly flow: Flow }[] = NONE;
  readonly #log: ExchangeLog;
  #bodies: BodySource[] | undefined;
  #cancels: (() => void)[] | undefined;

  constructor(signal: AbortSignal | undefined, log: ExchangeLog) {
    this.signal = signal;
    this.#log = log;
  }

  /** Runs the work of a call; on an abort the call rejects at once, and what it leaves behind is ended behind it. */
  run(work: () => Promise<Response>): Promise<Response> {
    const { signal } = this;
    if (!signal) return work();
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(this.end(signal.reason));
      if (signal.aborted) this.end(signal.reason); // the work finds that before it sends anything
      signal.addEventListener("abort", abort, { once: true });
      const forget = (): void => signal.removeEventListener("abort", abort);
      try {
        void work().then(resolve, reject).finally(forget);
      } catch (error) {
        forget();
        throw error;
      }
    });
  }

  /** The call has its response. */
  settle(): void {
    for (const body of this.#bodies ?? []) body.settle(this.signal);
  }

  /** Keeps a body, to end what is left of it with the call. */
  keep<B extends BodySource | undefined>(body: B): B {
    if (body) (this.#bodies ??= []).push(body);
    if (this.over) body?.fail(this.over.reason);
    return body;
  }

  /** The turn ends in which fetch was called. */
  endTurn(): void {
    for (const body of this.#bodies ?? []) body.endTurn?.();
  }

  /** Keeps what ends a read early: nobody else would, while the call waits for it. */
  onEnd(cancel: () => void): void {
    (this.#cancels ??= []).push(cancel);
  }

  /** Ends every flow, the innermost first; gives the reason back, to be thrown. */
  end(reason: unknown): unknown {
    this.over ??= { reason };
    this.#log.attachError(this.over.reason);
    for (const { flow } of this.stack.toReversed()) void finish(flow);
    for (const body of this.#bodies ?? []) body.fail(this.over.reason);
    for (const cancel of this.#cancels ?? []) cancel();
    return this.over.reason;
  }

  /** @throws the reason, once the call is over */
  check(): void {
    if (this.over) throw this.over.reason;
  }
}

/** Runs the rest of a flow, its `finally`; what it yields or throws there goes nowhere. */
export function finish(flow: Flow): Promise<void> | undefined {
  try {
    for (let turn = 0; turn < PATIENCE; turn++) {
      const step = flow.return(undefined);
      if (isThenable(step)) return finishLater(flow, step);
      if (step.done) return undefined;
    }
  } catch {
    // The call has its outcome already. (A flow that is running right now throws here, too; its driver ends it.)
  }
  return undefined;
}

async function finishLater(flow: Flow, first: PromiseLike<IteratorResult<Request, unknown>>): Promise<void> {
  try {
    let step = await first;
    for (let turn = 1; !step.done && turn < PATIENCE; turn++) step = await flow.return(undefined);
  } catch {
    // as above
  }
}
