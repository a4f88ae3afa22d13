import { basic } from "@authflow/basic";
import { type AuthScheme, defineScheme, InvalidSchemeError, originSet } from "@authflow/flow";
import type { AuthLike } from "./auth-like.ts";

/**
 * The scheme that a value of `auth` stands for. Schemes are what they are: the runner checks them when they are wrapped.
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME`; `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a pair that Basic can't send
 */
export function schemeOf(auth: NonNullable<AuthLike>): AuthScheme {
  if (isList(auth)) {
    const { length }: { readonly length: number } = auth; // whatever the types say
    if (length !== 2) throw new InvalidSchemeError("As a list, `auth` is [username, password].");
    const [username, password] = auth;
    return basic({ username, password });
  }
  // A function like any other to the types of who has none, and it would be asked at the first call only.
  if ((auth as unknown) === basic) throw new InvalidSchemeError("`basic` makes schemes: give basic(options).");
  if (typeof auth === "function") return defineScheme(auth);
  if (typeof auth === "object") return auth;
  throw new InvalidSchemeError(
    `\`auth\` can't be of type ${typeof auth}. Give [username, password], a scheme, or null for none.`,
  );
}

// Array.isArray narrows no readonly tuple.
function isList(auth: NonNullable<AuthLike>): auth is readonly [string, string] {
  return Array.isArray(auth);
}

/** The same scheme, bound to origins: to those that it has itself, if any, and that are among these. */
export function boundTo(origins: ReadonlySet<string>, scheme: AuthScheme): AuthScheme {
  const own = scheme.origins === undefined ? undefined : originSet(scheme.origins);
  const both = [...origins].filter((origin) => own?.has(origin) ?? true);
  // What defineScheme makes delegates each member to the scheme itself, so only one member is another.
  return Object.create(defineScheme(scheme), { origins: { value: both } }) as AuthScheme;
}
