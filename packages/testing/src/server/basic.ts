import { formatChallenge } from "@authflow/challenge";
import type { ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { redirectOrEcho, type RedirectServer, withRedirects } from "./redirect.ts";
import { startServer } from "./start-server.ts";

export interface BasicServerOptions extends ServerOptions {
  /** Default: `authflow`. */
  readonly realm?: string | undefined;
  /** Passwords by user name. Default: `{ finley: "secret" }`. */
  readonly accounts?: Readonly<Record<string, string>> | undefined;
  /** How names and passwords are read. Default: `utf-8`. */
  readonly encoding?: "utf-8" | "latin1" | undefined;
  /** Whether the challenge says `charset="UTF-8"`. Default: where the encoding is `utf-8`. */
  readonly charset?: boolean | undefined;
  /** The paths that need a password, each with everything below. Default: `["/"]`. */
  readonly paths?: readonly string[] | undefined;
  /** The lines of `WWW-Authenticate`, in place of the one that the other options make. */
  readonly challenges?: readonly string[] | undefined;
}

/**
 * Starts a server that wants a user name and a password, and redirects or echoes for who has one.
 *
 * @returns the server; it answers 401 without credentials and with wrong ones, after it has read the request
 * @see {@link https://www.rfc-editor.org/rfc/rfc7617#section-2 RFC 7617 §2}
 *
 * @example
 * ```ts
 * import { basicServer } from "@authflow/testing/server";
 *
 * await using server = await basicServer({ realm: "wiki" });
 * const first = await fetch(server.url("/"));
 * console.log(first.status, first.headers.get("www-authenticate")); // → 401 Basic realm="wiki", charset="UTF-8"
 * const authorization = `Basic ${btoa("finley:secret")}`;
 * const second = await fetch(server.url("/"), { headers: { authorization } });
 * console.log(second.status); // → 200
 * ```
 */
export async function basicServer(options: BasicServerOptions = {}): Promise<RedirectServer> {
  const { realm = "authflow", accounts = { finley: "secret" }, encoding = "utf-8", paths = ["/"] } = options;
  const { charset = encoding === "utf-8" } = options;
  const params: [string, string | undefined][] = [
    ["realm", realm],
    ["charset", charset ? "UTF-8" : undefined],
  ];
  const challenges = options.challenges ?? [formatChallenge({ scheme: "Basic", params })];
  const known = new Set(
    Object.entries(accounts).map((account) => Buffer.from(account.join(":"), encoding).toString("base64")),
  );
  const server = await startServer(async (request) => {
    const isPublic = !paths.some((path) => isBelow(request.target, path));
    if (isPublic || known.has(credentialsOf(request) ?? "")) return redirectOrEcho(request);
    await request.ended;
    return { status: 401, headers: { "WWW-Authenticate": challenges } };
  }, options);
  return withRedirects(server);
}

function credentialsOf({ headers }: ReceivedRequest): string | undefined {
  return /^basic +([\w+/=-]+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

function isBelow(target: string, path: string): boolean {
  const [pathname = ""] = target.split("?");
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
