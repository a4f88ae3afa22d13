import type { Exchange } from "./types.ts";

/** Where in a log a response or an error stands: how many exchanges came before it, and how many with its own. */
interface Position {
  readonly log: ExchangeLog;
  readonly before: number;
  readonly through: number;
  /** The exchange that it came of; `undefined` for a response that a flow has made. */
  readonly of: object | undefined;
}

/** Gives back the object that it is given, so that a class which extends it adds its private fields to that object. */
// oxlint-disable-next-line typescript/no-extraneous-class
class Anything {
  constructor(object: object) {
    return object;
  }
}

/**
 * A position noted on a response or an error itself, in a private field: no inspection and no copy shows it, and it goes
 * with its owner. A WeakMap does the same, but its values survive as roots each time that the young generation is
 * collected, which cost more than the whole runner; it is left for objects that can't be extended.
 */
class Positioned extends Anything {
  static readonly #frozen = new WeakMap<object, Position>();
  #position: Position;

  constructor(owner: object, position: Position) {
    super(owner);
    this.#position = position;
  }

  static set(owner: object, position: Position): void {
    if (#position in owner) owner.#position = position;
    else if (Object.isExtensible(owner)) void new Positioned(owner, position);
    else Positioned.#frozen.set(owner, position);
  }

  static get(owner: unknown): Position | undefined {
    if (typeof owner !== "object" || owner === null) return undefined;
    return #position in owner ? owner.#position : Positioned.#frozen.get(owner);
  }
}

/** The exchanges of one call, in wire order. */
export class ExchangeLog {
  readonly exchanges: Exchange[] = [];
  readonly #observers: readonly ((exchange: Exchange) => void)[];
  readonly #outer: { report?(exchange: Exchange): void } | undefined;

  /**
   * @param observers see each exchange as it ends
   * @param outer takes them into the history of a runner further outside
   */
  constructor(
    observers: readonly ((exchange: Exchange) => void)[],
    outer: { report?(exchange: Exchange): void } | undefined,
  ) {
    this.#observers = observers;
    this.#outer = outer;
  }

  add(exchange: Exchange): void {
    this.exchanges.push(exchange);
    this.#outer?.report?.(exchange);
    for (const observe of this.#observers) {
      try {
        observe(exchange);
      } catch (error) {
        // An observer can't harm the call; its error goes where uncaught ones go.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Lets a response find the exchanges that led to it; the last one is its own if it came `of` one. */
  attach(response: object, of?: object): void {
    const through = this.exchanges.length;
    Positioned.set(response, { log: this, before: of ? through - 1 : through, through, of });
  }

  /** The same for an error, which came `of` an exchange or ends the call. */
  attachError(error: unknown, of?: object): void {
    if (typeof error !== "object" || error === null) return;
    const log = Positioned.get(error)?.log ?? this;
    if (log !== this) {
      // A runner further outside has it already, with all that is known here.
      if (log === SHARED || this.#outer?.report) return;
      // A signal's reason, or the failure of work that calls share. (What a transport throws may be the same each time.)
      if (!of && !log.#outer?.report) return SHARED.attach(error);
    }
    this.attach(error, of);
  }

  /** The exchange of this log that a response came of; `undefined` for one that a flow has made. */
  exchangeOf(response: Response): object | undefined {
    const position = Positioned.get(response);
    return position?.log === this ? position.of : undefined;
  }
}

/** For an error that ended several calls: it tells of none of them, since it would tell each of another's. */
const SHARED = /* @__PURE__ */ new ExchangeLog([], undefined);

/**
 * The exchanges that came before a response: each challenge that was answered, each redirect that was followed. What
 * the schemes sent for themselves (token requests) is left out; {@link exchangesOf} has all.
 *
 * @param response a response that an authenticated fetch gave, or that a flow was resumed with
 * @returns an empty list for any other
 *
 * @example
 * import { historyOf } from "@authflow/flow";
 *
 * console.log(historyOf(new Response("from elsewhere"))); // → []
 */
export function historyOf(response: Response): readonly Exchange[] {
  const position = Positioned.get(response);
  return position ? position.log.exchanges.slice(0, position.before).filter((exchange) => !exchange.side) : [];
}

/**
 * All exchanges of a call up to a response or an error, in wire order, side requests included; the last one is the
 * response's own.
 *
 * @param owner a response that an authenticated fetch gave, or an error that it threw
 * @returns an empty list for any other, and for an error that ended several calls, as the reason of an abort does: each
 * would be told of another's exchanges
 */
export function exchangesOf(owner: unknown): readonly Exchange[] {
  const position = Positioned.get(owner);
  return position ? position.log.exchanges.slice(0, position.through) : [];
}
