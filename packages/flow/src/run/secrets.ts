import { mapQuery, redactUrl } from "../redact.ts";

const CREDENTIAL_NAME = /auth|cookie|dpop|key|secret|signature|token/i;

/** What the schemes of a call put on its requests: headers and query pairs that nobody else may get or read. */
export class Secrets {
  #headers: Set<string>;
  #pairs = new Map<string, Set<string>>();

  constructor(headers: readonly string[] = []) {
    this.#headers = new Set(headers);
  }

  /** Learns what a flow changed: what goes out, against what the caller gave. */
  learn(url: string, headers: Headers, given: { readonly url: string; readonly headers: Headers }): void {
    for (const [name, value] of headers) {
      if (name !== "content-type" && given.headers.get(name) !== value) this.#headers.add(name);
    }
    if (url === given.url) return;
    const before = new URL(given.url).searchParams;
    for (const [name, value] of new URL(url).searchParams) {
      if (!before.has(name, value)) this.#pairs.set(name, (this.#pairs.get(name) ?? new Set()).add(value));
    }
  }

  readonly isHeader = (name: string): boolean => this.#headers.has(name) || CREDENTIAL_NAME.test(name);

  /** A URL as errors and exchanges show it. */
  readonly shown = (url: string): string => redactUrl(url, (name) => this.#pairs.has(name));

  /** A URL without the call's credentials, for a server elsewhere. */
  strip(url: string): string {
    return mapQuery(url, (name, pair, value) => (this.#pairs.get(name)?.has(value) ? undefined : pair));
  }

  /** Takes the call's credentials off headers that go elsewhere. */
  takeOff(headers: Headers): void {
    for (const name of this.#headers) headers.delete(name);
  }

  get names(): readonly string[] {
    return [...this.#headers, ...this.#pairs.keys()];
  }
}
