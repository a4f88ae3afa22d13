import type { Exchange } from "../types.ts";

/**
 * What a runner tells one further inside, by way of `init.authflow`: layers in between (a retry, ky, wretch, ofetch)
 * copy a string key where they lose symbols. But for what stood in the URL, it only ever narrows what the inner one does.
 */
export interface Mark {
  /** The origin of the outermost call: credentials that belong to the call go there only. */
  readonly origin: string;
  /** The chain of redirects has left that origin. */
  readonly left?: boolean;
  /**
   * The origin of this hop, where it isn't that of the call: schemes that were chosen for this very URL (a route's `use`)
   * act at it. Further inside nobody is told of it.
   */
  readonly here?: string | undefined;
  /** A request of the chain went over https: from there on nothing goes out over plain http. */
  readonly secure?: boolean;
  /** Whoever called wants no authentication at all. */
  readonly off?: boolean;
  /** Headers and query names that are credentials, to be redacted. */
  readonly secrets?: readonly string[];
  /** The user name that stood in the URL, for look-ups at the origin of the call. */
  user?(): string | undefined;
  /** What stood in the URL, where the schemes outside have nothing to do with the call; for this origin alone. */
  userinfo?(origin: string): { readonly username: string; readonly password: string } | undefined;
  /** Takes a query pair that a scheme of the inner runner added: it may not go along to a Location elsewhere. */
  learn?(name: string, value: string): void;
  /** Takes the exchanges of the inner runner into the outer one's history. */
  report?(exchange: Exchange): void;
}

/** The mark in an init. One that can't be read, as after a copy that lost its origin, lets no credentials out. */
export function readMark(init: Readonly<Record<string, unknown>> | undefined): Mark | undefined {
  const mark = init?.["authflow"] as Mark | null | undefined;
  if (mark === undefined || mark === null) return undefined;
  return typeof mark.origin === "string" ? mark : { origin: "null", left: true };
}

/** Whether a caller wants no authentication at all, by the mark or by the `auth: null` that an AuthFetch takes. */
export function isOff(init: Readonly<Record<string, unknown>> | undefined, mark: Mark | undefined): boolean {
  return mark?.off === true || init?.["auth"] === null;
}
