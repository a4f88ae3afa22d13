// Tokens that expire by use, not by a clock: the site issues one at a time, and the latest is the only one that is good.

/** What a site takes for a token. */
export class Tokens {
  #issued = 0;
  #left = 0;
  readonly #uses: number;

  /** @param uses for how many requests a token is good */
  constructor(uses: number) {
    this.#uses = uses;
  }

  issue(): string {
    this.#left = this.#uses;
    return `token-${++this.#issued}`;
  }

  /** Whether credentials are those of the latest token, for one use. */
  use(authorization: string | null): boolean {
    return authorization === `Bearer token-${this.#issued}` && this.#left-- > 0;
  }
}
