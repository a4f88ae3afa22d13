import type { Layer } from "./layer.ts";
import type { Mark } from "./mark.ts";

/** The chain of hops of one call: where it began, and what it has passed since. It decides which schemes may act. */
export class Chain {
  /** The origin of the call: its credentials go there and nowhere else. */
  readonly origin: string;
  /** It has been elsewhere. It doesn't come home then: a server there chose what is asked for. */
  left: boolean;
  readonly #outer: Mark | undefined;
  #secure: boolean;
  #at: string;

  constructor(origin: string, mark: Mark | undefined) {
    const home = mark?.here === origin ? undefined : mark;
    this.origin = home?.origin ?? origin;
    this.left = home?.left === true || origin !== this.origin;
    this.#outer = home === mark ? undefined : mark;
    this.#secure = mark?.secure === true;
    this.#at = origin;
  }

  /** Something went over https. Nothing goes over plain http then. */
  get secure(): boolean {
    return this.#secure || isHttps(this.origin) || isHttps(this.#at);
  }

  /** Where the chain is to those further inside: a hop that is home to the schemes here may be elsewhere to them. */
  get told(): { readonly origin: string; readonly left: boolean } {
    return this.#outer ? { origin: this.#outer.origin, left: true } : this;
  }

  moveTo(origin: string): void {
    this.#secure = this.secure;
    this.#at = origin;
    if (origin !== this.origin) this.left = true;
  }

  /** Whether a scheme may act on a request to this origin. */
  admits({ scheme, origins }: Layer, origin: string): boolean {
    if (origins !== undefined && !origins.has(origin)) return false;
    return scheme.scope === "origin" ? isHttps(origin) || !this.secure : !this.left && origin === this.origin;
  }

  /** Whether a scheme may act on a call to this origin at all, now or after a redirect. */
  mayAdmit(layer: Layer, origin: string): boolean {
    return this.admits(layer, origin) || layer.scheme.scope === "origin";
  }
}

function isHttps(origin: string): boolean {
  return origin.startsWith("https:");
}
