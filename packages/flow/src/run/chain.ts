import type { AuthScheme } from "../types.ts";
import type { Mark } from "./mark.ts";

/** A scheme in its place, with the origins that it may act at. */
export interface Layer {
  readonly scheme: AuthScheme;
  readonly origins: ReadonlySet<string> | undefined;
}

/** The chain of hops of one call: where it began, and what it has passed since. It decides which schemes may act. */
export class Chain {
  /** The origin of the call: its credentials go there and nowhere else. */
  readonly origin: string;
  #left: boolean;
  #secure: boolean;
  #off: boolean;

  constructor(url: URL, mark: Mark | undefined) {
    this.origin = mark?.origin ?? url.origin;
    this.#left = mark?.left === true || url.origin !== this.origin;
    this.#secure = mark?.secure === true || url.protocol === "https:" || this.origin.startsWith("https:");
    this.#off = mark?.off === true;
  }

  /** Once the chain has been elsewhere, it doesn't come home: a server there chose what is asked for. */
  get left(): boolean {
    return this.#left;
  }

  moveTo(url: URL): void {
    if (url.origin !== this.origin) this.#left = true;
    if (url.protocol === "https:") this.#secure = true;
  }

  /** Whether a scheme may act on a request to this origin. */
  admits({ scheme, origins }: Layer, origin: string): boolean {
    if (this.#off || origins?.has(origin) === false) return false;
    if (scheme.scope === "origin") return !(this.#secure && origin.startsWith("http:"));
    return origin === this.origin && !this.#left;
  }

  /** Whether a scheme may act on this call at all, now or after a redirect. */
  mayAdmit(layer: Layer, origin: string): boolean {
    return !this.#off && (layer.scheme.scope === "origin" || this.admits(layer, origin));
  }

  /** What a runner further inside has to know. */
  mark(): Mark {
    return { origin: this.origin, left: this.#left, secure: this.#secure };
  }
}
