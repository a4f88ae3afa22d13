// Who a call may be from.
import type { AuthFunction, AuthScheme, Scheme } from "@authflow/flow";
import type { Layer } from "./layers.ts";
import type { Place } from "./places.ts";

/** A credential: letters and digits that stand in it and nowhere else, and where they may be sent. */
export interface Credential {
  readonly marker: string;
  /** Default: the origin of the call alone. */
  readonly belongs?: readonly Place[];
}

/** A subject, made anew for one call. */
export interface Made {
  readonly wrap: Layer;
  readonly credentials: readonly Credential[];
  /** The scheme alone, for what takes one; `undefined` for what is made of a fetch alone. */
  readonly scheme: AuthScheme | AuthFunction | undefined;
  /** What the caller says beside: a URL with a user name, headers of its own. */
  readonly url?: (url: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a call begins. */
export interface Setting {
  readonly from: Place;
  readonly origin: (place: Place) => string;
  /** Where tokens are issued. */
  readonly tokenEndpoint: string;
}

export interface Subject {
  readonly name: string;
  /** Where its credentials stand: one that is further outside keeps others off. */
  readonly slot: "authorization" | "header" | "query" | "cookie";
  /** Sends nothing before the origin of the call has asked. */
  readonly waits?: true;
  /** What the origin of the call refuses, once. */
  readonly refused?: string;
  /** Whether another call went before, from which something is remembered. */
  readonly warm?: true;
  /** Looks up each hop by its own origin, so that it acts on a return. */
  readonly looksUp?: true;
  /** Credentials that stand in the URL, where only a fetch that takes them off can be called. */
  readonly inUrl?: true;
  /** A way to make a fetch, and no scheme that could be given to another one. */
  readonly wrapsOnly?: true;
  readonly make: (setting: Setting) => Made;
}

/** What is a scheme and nothing more. */
export const ofScheme = (scheme: Scheme, credentials: readonly Credential[]): Made => ({
  wrap: (next) => scheme(next),
  scheme,
  credentials,
});
