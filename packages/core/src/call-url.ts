import { userinfoOf } from "@authflow/flow";
import type { Mark } from "./mark.ts";

/** What the call asks for, as it was written. */
export type Input = string | URL | Request;

/** The URL of a call; `undefined` where it is none yet, since the fetch inside may know what it is relative to. */
export function urlOf(input: Input): URL | undefined {
  const base = (globalThis as { location?: { href?: string } }).location?.href;
  try {
    return new URL(hrefOf(input), base);
  } catch {
    return undefined;
  }
}

/** Credentials that stand in a URL, and where they belong. */
interface UrlCredentials {
  readonly origin: string;
  /** The URL without them. */
  readonly href: string;
  readonly username: string;
  readonly password: string;
}

/** The user name and password in the URL of a call, or those that a wrapper outside has taken off it. */
export function credentialsIn(input: Input, mark?: Mark): UrlCredentials | undefined {
  if (!mark?.userinfo && !hrefOf(input).includes("@")) return undefined; // as in nearly every URL, which then needs no parsing
  const url = urlOf(input);
  const userinfo = url && (userinfoOf(url) ?? mark?.userinfo?.(url.origin));
  if (!userinfo) return undefined;
  url.username = url.password = "";
  return { origin: url.origin, href: url.href, ...userinfo };
}

/** Whether a call brings an Authorization header of its own. */
export function bringsAuthorization(input: Input, init: RequestInit | undefined): boolean {
  return new Headers(init?.headers ?? (isRequest(input) ? input.headers : undefined)).has("authorization");
}

function hrefOf(input: Input): string {
  return isRequest(input) ? input.url : String(input);
}

// Structural, since there is more than one Request class.
function isRequest(input: Input): input is Request {
  return typeof input === "object" && "url" in input;
}
