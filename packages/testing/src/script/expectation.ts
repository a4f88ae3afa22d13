import type { Credentials } from "@authflow/challenge";
import type { RecordedCall } from "./incoming.ts";

/** A text: exactly this one, one that matches, or null for none at all. */
export type TextExpectation = string | RegExp | null;

/** Judges a request by itself: throws, or gives false or a sentence that says what is wrong. */
export type RequestCheck = (request: RecordedCall) => unknown;

/** What an `Authorization` holds, read by its grammar. */
export interface CredentialsExpectation {
  /** The scheme, in any letter case. */
  readonly scheme: string;
  /** Parameters that have to be there with these values; others may be, too. `null`: has to be absent. */
  readonly params?: Readonly<Record<string, TextExpectation>>;
  /** What stands in place of parameters, as with Basic and Bearer. */
  readonly token68?: TextExpectation;
  /** Proves the credentials, such as a digest; `true` takes the `verify` of the script's options. */
  readonly verify?: boolean | VerifyCredentials;
}

/** Proves credentials: throws, or gives false or a sentence that says what is wrong. */
export type VerifyCredentials = (request: RecordedCall, credentials: Credentials) => unknown;

export type AuthorizationExpectation =
  | TextExpectation
  | { readonly value: string }
  | CredentialsExpectation
  | { readonly oneOf: readonly AuthorizationExpectation[] };

/** What a request has to be. What isn't mentioned isn't checked. */
export interface RequestExpectation {
  /** Letter by letter. */
  readonly method?: string;
  /** The whole URL. */
  readonly url?: string | URL | RegExp;
  /** Scheme, host and port; or a name among the script's `origins`. */
  readonly origin?: string;
  /** Path and query. */
  readonly path?: string | RegExp;
  /** Header fields by name; `null`: has to be absent. */
  readonly headers?: Readonly<Record<string, TextExpectation>>;
  /** No header field but those in `headers` (and the `authorization` that is expected). Default: `false`. */
  readonly onlyHeaders?: boolean;
  /** The `Authorization`; `null`: has to be absent. */
  readonly authorization?: AuthorizationExpectation;
  /** The body, byte for byte; `null` and `""`: none. */
  readonly body?: string | Uint8Array | RegExp | null;
  /** Anything else. */
  readonly check?: RequestCheck;
}
