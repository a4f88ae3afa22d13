/** What a token endpoint gives (RFC 6749 §5.1). */
export interface Grant {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** In seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
}

/** How tokens live. */
export interface TokenLife {
  readonly uses?: number | undefined;
  readonly rotates?: boolean | undefined;
  readonly expiresIn?: number | undefined;
}

/** The tokens that a server has issued. */
export class TokenStore {
  issued = 0;
  refreshed = 0;
  refused = 0;
  readonly #life: Required<{ [K in keyof TokenLife]: NonNullable<TokenLife[K]> }>;
  /** How often each access token may still be used. */
  readonly #access = new Map<string, number>();
  readonly #refresh = new Set<string>();

  constructor({ uses = Infinity, rotates = true, expiresIn = 3600 }: TokenLife) {
    this.#life = { uses, rotates, expiresIn };
  }

  issue(refreshToken?: string): Grant {
    const number = ++this.issued;
    const grant: Grant = {
      access_token: `access-${number}`,
      token_type: "Bearer",
      expires_in: this.#life.expiresIn,
      refresh_token: refreshToken ?? `refresh-${number}`,
    };
    this.#access.set(grant.access_token, this.#life.uses);
    this.#refresh.add(grant.refresh_token);
    return grant;
  }

  /** New tokens for a refresh token; none for one that is not good. */
  refresh(token: string): Grant | undefined {
    if (!this.#refresh.has(token)) return undefined;
    this.refreshed++;
    if (!this.#life.rotates) return this.issue(token);
    this.#refresh.delete(token);
    return this.issue();
  }

  /** Whether an access token is good, for one use. */
  use(token: string): boolean {
    const left = this.#access.get(token) ?? 0;
    if (left > 0) this.#access.set(token, left - 1);
    else this.refused++;
    return left > 0;
  }

  expire(): void {
    this.#access.clear();
  }
}
