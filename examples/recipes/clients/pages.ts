// One set of pages behind four doors: an open one, and one for each scheme.
import { createHash } from "node:crypto";
import {
  DigestVerifier,
  type LoopbackServer,
  type ReceivedRequest,
  type ServerReply,
  startServer,
  type Wire,
} from "@authflow/testing/server";
import { Tokens } from "../site/tokens.ts";

/** How the pages are reached. */
export type Door = "open" | "basic" | "digest" | "bearer";

/** A request as the page saw it, without what is different each time: boundaries, and what the door wanted. */
export interface Sight {
  readonly method: string;
  readonly page: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sha256: string;
  readonly complete: boolean;
}

/** The server of the pages. */
export interface Pages {
  readonly server: LoopbackServer;
  readonly tokens: Tokens;
  /** What each door said, in order: `let in`, or why not. */
  readonly verdicts: string[];
  /** What the pages saw, in order. */
  readonly sights: Sight[];
  /** Is called when a request has come to the page `never`, or what comes first of a stream was sent. */
  onArrival: () => void;
  /** Lets the rest of a stream go. */
  onward: () => void;
}

const STREAM = Array.from({ length: 8 }, (_, index) => Buffer.alloc(4096, index + 1));

export async function startPages(): Promise<Pages> {
  const verifier = new DigestVerifier({ accounts: { finley: "secret" } });
  const tokens = new Tokens(1);

  /** What a door answers to who isn't let in. */
  const refusalOf = ({ method, target, headers, sha256 }: ReceivedRequest): readonly string[] | undefined => {
    const authorization = headers.get("authorization");
    const [, door] = target.split("/");
    if (door === "basic")
      return authorization === `Basic ${btoa("finley:secret")}` ? undefined : ['Basic realm="pages"'];
    if (door === "bearer") return tokens.use(authorization) ? undefined : ['Bearer error="invalid_token"'];
    if (door === "open") return undefined;
    const verdict = verifier.verify({ method, target, authorization, entity: () => sha256 });
    return verdict.status === 200 ? undefined : verdict.challenges;
  };

  const server = await startServer(async (request, wire) => {
    await request.ended;
    const challenges = refusalOf(request);
    pages.verdicts.push(challenges ? `asked for ${challenges[0]?.split(" ")[0]}` : "let in");
    if (challenges) return { status: 401, headers: { "WWW-Authenticate": challenges }, body: "who?" };
    pages.sights.push(sightOf(request));
    return pageOf(request, wire);
  });

  const pageOf = async (request: ReceivedRequest, wire: Wire): Promise<ServerReply | undefined> => {
    switch (pageName(request)) {
      case "json":
        return json(200, { hello: "world" });
      case "echo":
        return json(200, sightOf(request));
      case "problem":
        return json(422, { problem: "no such thing" });
      case "stream":
        return { headers: { "Content-Type": "application/octet-stream" }, body: inTwoParts(request) };
      case "broken":
        wire.reset();
        return undefined;
      default:
        pages.onArrival();
        wire.keepSilent();
        await request.closed;
        return undefined;
    }
  };

  async function* inTwoParts({ closed }: ReceivedRequest): AsyncIterable<Uint8Array> {
    const [first, ...rest] = STREAM;
    const onward = new Promise<void>((resolve) => {
      pages.onward = resolve;
    });
    if (first) yield first;
    await Promise.race([onward, closed]);
    yield* rest;
  }

  const pages: Pages = {
    server,
    tokens,
    verdicts: [],
    sights: [],
    onArrival: () => undefined,
    onward: () => undefined,
  };
  return pages;
}

function pageName({ target }: ReceivedRequest): string {
  return target.split("/")[2] ?? "";
}

function sightOf(request: ReceivedRequest): Sight {
  const { method, headers: fields, length, sha256, complete, text } = request;
  const page = pageName(request);
  const headers = Object.fromEntries(fields);
  delete headers["authorization"];

  // How a stream is framed is between two hops (RFC 9112 §6): one that is sent a second time has its length.
  if (method === "PUT" && headers["transfer-encoding"] === "chunked") {
    delete headers["transfer-encoding"];
    headers["content-length"] = String(length);
  }

  const [, boundary] = /boundary=(\S+)$/.exec(headers["content-type"] ?? "") ?? [];
  if (boundary === undefined) return { method, page, headers, sha256, complete };
  // Each form has a boundary of its own, and not every platform's is as long.
  const form = text.replaceAll(boundary, "(boundary)");
  if (headers["content-length"] === String(length)) headers["content-length"] = "(length)";
  headers["content-type"] = headers["content-type"]?.replace(boundary, "(boundary)") ?? "";
  return { method, page, headers, sha256: createHash("sha256").update(form).digest("hex"), complete };
}

function json(status: number, body: object): ServerReply {
  return { status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
