import type { AuthFunction, AuthScheme } from "@authflow/flow";

/**
 * What `auth` may be: a user name and a password (for Basic), a function that is given the request and returns it
 * authenticated, a scheme (a literal, an instance of a class, or what a scheme package makes), or `null` for none.
 */
export type AuthLike = readonly [username: string, password: string] | AuthFunction | AuthScheme | null;
