import type { BodyLimits } from "../body/body-source.ts";
import type { Chain } from "./chain.ts";
import type { Layer } from "./layer.ts";
import type { Settings } from "./options.ts";
import type { Next } from "./outgoing.ts";
import { secretNamesOf } from "./secrets.ts";

/** What the calls of one wrapped fetch have in common. */
export interface Runner {
  readonly next: Next;
  readonly settings: Settings;
  /** All layers: what nearly every call has. */
  readonly all: Acting;
}

/** The schemes that may act on a call, the outermost first, and what they say of themselves. */
export interface Acting {
  readonly layers: readonly Layer[];
  readonly limits: BodyLimits;
  /** Names of headers and query parameters that are credentials, whoever set them. */
  readonly secretNames: readonly string[];
}

export function actingOf(layers: readonly Layer[], { replayLimit }: Settings): Acting {
  return {
    layers,
    limits: { sendsOnce: layers.every(({ scheme }) => scheme.sendsOnce === true), replayLimit },
    secretNames: secretNamesOf(layers),
  };
}

/** Those of a runner that may act on a call to an origin, now or after a redirect. */
export function actingAt({ all, settings }: Runner, chain: Chain, origin: string): Acting {
  const { layers } = all;
  if (layers.every((layer) => chain.mayAdmit(layer, origin))) return all;
  return actingOf(
    layers.filter((layer) => chain.mayAdmit(layer, origin)),
    settings,
  );
}
