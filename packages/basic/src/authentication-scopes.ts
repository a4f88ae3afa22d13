// RFC 7617 §2.2: where credentials that were accepted go without another challenge.

/** How many scopes are remembered. */
const LIMIT = 100;

/** The authentication scopes of requests whose credentials were accepted; the least recently used are forgotten first. */
export class AuthenticationScopes {
  readonly #scopes = new Set<string>(); // in the order of their last use

  /** "resources identified by URIs with a prefix-match of the authentication scope are also within the protection space" */
  cover(url: string): boolean {
    for (const scope of this.#scopes) {
      if (url.startsWith(scope)) {
        this.#use(scope);
        return true;
      }
    }
    return false;
  }

  /** "obtained by removing all characters after the last slash of the path component" */
  remember(url: string): void {
    this.#use(new URL(".", url).href);
    const [oldest = ""] = this.#scopes;
    if (this.#scopes.size > LIMIT) this.#scopes.delete(oldest);
  }

  #use(scope: string): void {
    this.#scopes.delete(scope);
    this.#scopes.add(scope);
  }
}
