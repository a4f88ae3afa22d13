import type { BodySource } from "../body/body-source.ts";
import type { Hop } from "./hop.ts";

/** A request on its way inward, between two flows. */
export interface Message {
  readonly request: Request;
  readonly body: BodySource | undefined;
  /** Where it stands in the call; `undefined` for a scheme's own request. */
  readonly hop: Hop | undefined;
}
