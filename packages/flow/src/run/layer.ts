import { InvalidSchemeError } from "../errors/invalid-scheme.ts";
import { originSet } from "../origin.ts";
import type { AuthScheme } from "../types.ts";

/** A scheme in its place, with the origins that it may act at. */
export interface Layer {
  readonly scheme: AuthScheme;
  readonly origins: ReadonlySet<string> | undefined;
}

/**
 * The layer that a scheme is. What is no scheme is refused when it is given, not at the first request.
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME`, and `ERR_AUTHFLOW_INVALID_OPTION` for an origin that is none
 */
export function layerOf(value: unknown): Layer {
  const scheme = value as AuthScheme | null | undefined;
  const type = Array.isArray(value) ? "a pair, which createAuthFetch takes" : value === null ? "null" : typeof value;
  if (!scheme || (type !== "object" && type !== "function")) throw new InvalidSchemeError(`A scheme can't be ${type}.`);
  if (typeof scheme.name !== "string" || scheme.name === "") throw new InvalidSchemeError("This scheme has no name.");
  if (!hasFlow(scheme)) throw new InvalidSchemeError(`"${scheme.name}" has no authFlow.`);
  if (scheme.scope !== undefined && scheme.scope !== "call" && scheme.scope !== "origin") {
    throw new InvalidSchemeError(`The scope of "${scheme.name}" is neither "call" nor "origin".`);
  }
  return {
    scheme: behind.get(scheme) ?? scheme,
    origins: scheme.origins === undefined ? undefined : originSet(scheme.origins),
  };
}

/** Whether a value has a flow, of any kind. */
export function hasFlow(value: object): boolean {
  const { authFlow, syncAuthFlow, asyncAuthFlow } = value as Partial<AuthScheme>;
  return [authFlow, syncAuthFlow, asyncAuthFlow].some((flow) => typeof flow === "function");
}

/** The object behind each scheme that `defineScheme` made, whose own members are getters: the runner asks it directly. */
export const behind: WeakMap<object, AuthScheme> = new WeakMap();
