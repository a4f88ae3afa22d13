import type { GrantOptions } from "./options.ts";

/**
 * The parameters of a token request: the grant's own, scope and resource, and further ones, which replace none of the
 * others.
 *
 * @param own what is `undefined` is left out
 */
export function grantParameters(
  { scope, resource, parameters }: GrantOptions,
  own: Readonly<Record<string, string | undefined>> = {},
): URLSearchParams {
  const all = new URLSearchParams(parameters);
  const scopes = [scope ?? []].flat().join(" ") || undefined; // §A.4: scope = 1*…
  for (const [name, value] of Object.entries({ ...own, scope: scopes })) if (value !== undefined) all.set(name, value);
  // RFC 8707 §2: "Multiple 'resource' parameters MAY be used".
  for (const one of [resource ?? []].flat()) all.append("resource", one);
  return all;
}
