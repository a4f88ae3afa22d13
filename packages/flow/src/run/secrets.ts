import { entriesOf } from "../headers.ts";
import { mapQuery, REDACTED, redactHeaders, redactUrl } from "../redact.ts";
import type { AuthScheme } from "../types.ts";
import type { Hop } from "./hop.ts";
import type { Mark } from "./mark.ts";

/** The names that schemes declare: parameters as they are spelled, headers as Headers spell them. */
export function secretNamesOf(layers: readonly { readonly scheme: AuthScheme }[]): readonly string[] {
  const names = layers.flatMap(({ scheme }) => scheme.secretNames ?? []);
  return [...new Set(names.flatMap((name) => [name, name.toLowerCase()]))];
}

const CREDENTIAL_NAME = /auth|cookie|dpop|key|secret|signature|token/i;

/** What the schemes of a call put on its requests: headers and query pairs that nobody else may get or read. */
export class Secrets {
  /** Names that schemes declare, or that a runner outside told. */
  readonly told: readonly string[];
  readonly #outer: Mark | undefined;
  #pairs: Map<string, Set<string>> | undefined;

  constructor(outer: Mark | undefined, declared: readonly string[]) {
    this.#outer = outer;
    this.told = outer?.secrets ? [...outer.secrets, ...declared] : declared;
  }

  /** The headers of a request as the history shows them: what differs from the caller's is a scheme's. */
  redactSent(headers: Headers, hop: Hop | undefined): Headers {
    return redactHeaders(headers, (name, value) => {
      if (CREDENTIAL_NAME.test(name) || this.told.includes(name)) return true;
      return hop !== undefined && isSet(name, value, hop);
    });
  }

  /** The headers of a response as the history shows them: a Location or a Link may repeat the credentials of the query. */
  redactReceived(headers: Headers): Headers {
    const copy = redactHeaders(headers, (name) => name !== "www-authenticate" && CREDENTIAL_NAME.test(name));
    for (const [name, value] of entriesOf(copy)) {
      let shown = name === "location" || name === "content-location" ? this.redactUrl(value) : value;
      for (const secret of this.#values()) shown = shown.replaceAll(secret, REDACTED);
      if (shown !== value) copy.set(name, shown);
    }
    return copy;
  }

  /** The values of the query that are credentials, in either spelling; too short ones would redact half the world. */
  #values(): readonly string[] {
    const values = [...(this.#pairs?.values() ?? [])].flatMap((set) => [...set]);
    return values.flatMap((value) => [value, encodeURIComponent(value)]).filter(({ length }) => length > 3);
  }

  /** A URL as the history and errors show it. */
  redactUrl(url: string): string {
    return redactUrl(url, (name) => this.told.includes(name) || this.#pairs?.has(name) === true);
  }

  /** Learns the query pairs that a flow put on the caller's URL, and of those that were there the ones that schemes declare. */
  learn(url: string, hop: Hop): void {
    const same = url === hop.url;
    // Most URLs are seen not to hold one without being parsed: a name stands in them as it is, unless something is escaped.
    if (same && !this.told.some((name) => url.includes(name) || /\?.*[%+]/.test(url))) return;
    const before = same ? undefined : new URL(hop.url).searchParams;
    for (const [name, value] of new URL(url).searchParams) {
      if (this.told.includes(name) || before?.has(name, value) === false) this.add(name, value);
    }
  }

  /** A query pair that is a credential. The runner that follows redirects has to know it, so it goes outward. */
  add(name: string, value: string): void {
    this.#pairs ??= new Map();
    this.#pairs.set(name, (this.#pairs.get(name) ?? new Set()).add(value));
    this.#outer?.learn?.(name, value);
  }

  /** A URL without the call's credentials, for a server elsewhere. */
  strip(url: string): string {
    const values = this.#values();
    const stripped = mapQuery(url, (name, pair, value) => (this.#pairs?.get(name)?.has(value) ? undefined : pair));
    // Where a value is left, somebody has put it into a pair of another name.
    return mapQuery(stripped, (_, pair, value) => (values.some((secret) => value.includes(secret)) ? undefined : pair));
  }

  /** The names of all that is secret in a request, for a runner further inside. */
  names(headers: Headers, hop: Hop | undefined): readonly string[] {
    return [...this.headerNames(headers, hop), ...(this.#pairs?.keys() ?? [])];
  }

  /** The headers that schemes have set. */
  headerNames(headers: Headers, hop: Hop | undefined): readonly string[] {
    const set = hop ? entriesOf(headers).filter(([name, value]) => isSet(name, value, hop)) : [];
    return [...this.told, ...set.map(([name]) => name)];
  }
}

/** Whether a scheme has set a header: it differs from the caller's. */
function isSet(name: string, value: string, hop: Hop): boolean {
  return name !== "content-type" && hop.headers.get(name) !== value;
}
