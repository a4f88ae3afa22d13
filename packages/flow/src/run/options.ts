import { InvalidOptionError } from "../errors/invalid-option.ts";
import type { Exchange, RunOptions } from "../types.ts";

/** The options of a runner, complete. */
export interface Settings {
  readonly replayLimit: number;
  readonly contentLimit: number;
  readonly observers: readonly ((exchange: Exchange) => void)[];
}

/** Options over those of the runner inside, if there is one: limits are replaced, observers are added. */
export function settingsOf(options: RunOptions, inner: Settings | undefined): Settings {
  const { onExchange } = options;
  if (onExchange !== undefined && typeof onExchange !== "function") {
    throw new InvalidOptionError("onExchange has to be a function that takes an exchange.");
  }
  return {
    replayLimit: bytes("replayLimit", options.replayLimit) ?? inner?.replayLimit ?? 1024 * 1024,
    contentLimit: bytes("contentLimit", options.contentLimit) ?? inner?.contentLimit ?? 16 * 1024 * 1024,
    observers: [...(onExchange ? [onExchange] : []), ...(inner?.observers ?? [])],
  };
}

function bytes(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(value >= 0))
    throw new InvalidOptionError(`${name} has to be a number of bytes, 0 or more.`);
  return value;
}
