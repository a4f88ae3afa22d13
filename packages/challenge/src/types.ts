/**
 * One challenge, as it stood in `WWW-Authenticate` or `Proxy-Authenticate`. Texts are as a fetch `Headers` gives them:
 * one character an octet.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.3 RFC 9110 §11.3}
 */
export interface Challenge {
  /** The scheme in lower case, such as `digest`. */
  readonly scheme: string;
  /** The parameters, their names in lower case, their values unquoted. Empty where there is a `token68`. */
  readonly params: ReadonlyMap<string, string>;
  /** What some schemes send in place of parameters (`Negotiate oYG2…==`), else undefined. */
  readonly token68: string | undefined;
}

/**
 * What an `Authorization` or `Proxy-Authorization` field holds: by its grammar the same as one challenge.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.4 RFC 9110 §11.4}
 */
export type Credentials = Challenge;

/** Where a field is read from: its value (null: there is none), or headers to look it up in: fetch's, node-fetch's, a Map. */
export type FieldSource = string | null | { get(name: string): string | null | undefined };

/** Parameters to write, in their order: a Map or pairs. One whose value is undefined is left out. */
export type AuthParams = Iterable<readonly [name: string, value: string | undefined]>;

/** A challenge or credentials to write: what `parseChallenges` gave, or what you write down. */
export interface ChallengeInit {
  /** Written as it stands. Say `Digest`, not `digest`: there are servers that know only the first. */
  readonly scheme: string;
  /** The parameters; none by default. */
  readonly params?: AuthParams;
  /** Written in place of parameters; none by default. */
  readonly token68?: string | undefined;
  /**
   * Names of the parameters to write without quotes, as Digest wants `algorithm`, `nc` and `qop` in credentials; none by
   * default. A value that is no token is quoted all the same.
   */
  readonly tokens?: readonly string[];
}
