import type { LoggedRequest } from "../servers/access-log.ts";

/** A parameter of the Authorization header that a server saw, such as `nc`; undefined where there is none. */
export function paramOf(request: LoggedRequest | undefined, name: string): string | undefined {
  const [, quoted, token] =
    new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^ ,]+))`).exec(request?.authorization ?? "") ?? [];
  return quoted?.replaceAll(/\\(.)/g, "$1") ?? token;
}
