import { randomBytes } from "node:crypto";

export interface NonceRules {
  /** `next`: each count is one more than the last; `unseen`: any that was not there before. */
  readonly counts: "next" | "unseen";
  /** How many requests a nonce is good for. */
  readonly uses: number;
  /** How long it is good for, in milliseconds. */
  readonly lifetime: number;
  readonly now: () => number;
  /** Makes the text of a nonce. */
  readonly make: () => string;
}

interface Nonce {
  readonly algorithm: string;
  readonly until: number;
  readonly seen: Set<number>;
  uses: number;
}

/** The nonces of a server. */
export class DigestNonces {
  readonly #rules: NonceRules;
  readonly #nonces = new Map<string, Nonce>();

  constructor(rules: NonceRules) {
    this.#rules = rules;
  }

  /** Issues one, for answers with this algorithm. */
  issue(algorithm: string): string {
    const text = this.#rules.make();
    const { now, lifetime } = this.#rules;
    // One that is named again goes on as it was.
    if (!this.#nonces.has(text))
      this.#nonces.set(text, { algorithm, until: now() + lifetime, seen: new Set(), uses: 0 });
    return text;
  }

  /** What is wrong with the use of a nonce; undefined where all is well, and then it is used. */
  use(text: string, algorithm: string, count: number | undefined): string | undefined {
    const nonce = this.#nonces.get(text);
    if (!nonce) return "the nonce is unknown";
    if (nonce.algorithm !== algorithm) return "the nonce is for another algorithm";
    const { counts, uses, now } = this.#rules;
    if (now() >= nonce.until) return "the nonce is too old";
    if (nonce.uses >= uses) return "the nonce is used up";
    if (count !== undefined) {
      const last = Math.max(0, ...nonce.seen);
      if (counts === "next" && count !== last + 1) return `nc is ${count} after ${last}`;
      if (nonce.seen.has(count)) return `nc ${count} was there before`;
      nonce.seen.add(count);
    }
    nonce.uses++;
    return undefined;
  }

  /** How often a nonce was used. */
  usesOf(text: string): number {
    return this.#nonces.get(text)?.uses ?? 0;
  }

  /** Forgets all of them. */
  expire(): void {
    this.#nonces.clear();
  }
}

/** A nonce that nobody can guess. */
export function randomNonce(): string {
  return randomBytes(18).toString("base64");
}
