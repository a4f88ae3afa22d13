import { fieldsOf } from "../script/reply.ts";
import { digestHash } from "./digest-arithmetic.ts";
import type { DigestServerOptions } from "./digest-options.ts";
import { type DigestVerdict, DigestVerifier } from "./digest-verifier.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { redirectOrEcho, type RedirectServer, withRedirects } from "./redirect.ts";
import { startServer } from "./start-server.ts";

/** A server that verifies digests. */
export interface DigestServer extends RedirectServer {
  /** What became of each request that needed credentials, in order: its status and why. */
  readonly verdicts: readonly Pick<DigestVerdict, "status" | "reason">[];
  /** Makes every nonce that was issued so far stale. */
  expire(): void;
}

/**
 * Starts a server that wants digests and verifies them as strictly as the RFC allows, where real servers are lenient: it
 * computes every `response` anew with node:crypto alone, demands the next `nc` each time (or one that was not there
 * before), and refuses with 400 what isn't written as RFC 7616 §3.4 writes it. It redirects or echoes for who is let in.
 *
 * @returns the server; it answers 401 without credentials and with wrong ones, after it has read the request
 * @see {@link https://www.rfc-editor.org/rfc/rfc7616#section-3 RFC 7616 §3}
 *
 * @example
 * ```ts
 * import { digestServer } from "@authflow/testing/server";
 *
 * await using server = await digestServer({ realm: "wiki", algorithms: ["MD5"], nonce: () => "n1", opaque: null });
 * const response = await fetch(server.url("/"));
 * console.log(response.status, server.verdicts[0]?.reason); // → 401 no credentials
 * console.log(response.headers.get("www-authenticate"));
 * // → Digest realm="wiki", nonce="n1", algorithm=MD5, qop="auth", charset=UTF-8
 * ```
 */
export async function digestServer(options: DigestServerOptions = {}): Promise<DigestServer> {
  const { paths = ["/"], onRequest } = options;
  const verifier = new DigestVerifier(options);
  const verdicts: DigestVerdict[] = [];
  const server = await startServer(async (request) => {
    await onRequest?.(request);
    await request.ended;
    if (!paths.some((path) => isBelow(request.target, path))) return redirectOrEcho(request);
    const { method, target, headers } = request;
    const verdict = verifier.verify({
      method,
      target,
      authorization: headers.get("authorization"),
      entity: (algorithm) => entityOf(request, algorithm),
    });
    verdicts.push(verdict);
    const { status, reason, challenges } = verdict;
    if (status !== 200) return { status, headers: { "WWW-Authenticate": challenges }, body: Buffer.from(reason) };
    const reply = await redirectOrEcho(request);
    const body = method === "HEAD" || typeof reply.body !== "string" ? "" : reply.body;
    const info = verdict.authenticationInfo(body);
    const fields = fieldsOf(reply.headers);
    if (info !== undefined) fields.push(["Authentication-Info", info]);
    // As bytes: node:http would write the fields as UTF-8 together with a text, and they are octets.
    return { ...reply, headers: fields, body: Buffer.from(body) };
  }, options);
  return Object.assign(withRedirects(server), { verdicts, expire: () => verifier.expire() });
}

/** The hash of a body, also of one that isn't kept whole, as far as it is known. */
function entityOf({ length, body, sha256 }: ReceivedRequest, algorithm: string): string {
  if (/^SHA-256(-sess)?$/i.test(algorithm)) return sha256;
  if (length > body.length) throw new Error(`A body of ${length} bytes is kept in part: protect it with SHA-256.`);
  return digestHash(algorithm, body);
}

function isBelow(target: string, path: string): boolean {
  const [pathname = ""] = target.split("?");
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
