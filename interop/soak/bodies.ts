// The bodies that are sent, each of its own bytes, and what of them is known.
import { createHash } from "node:crypto";
import type { BodyKind, Plan } from "./plan.ts";

/** What a call is made with. */
export interface Sending {
  readonly sha256: string;
  /** The arguments of fetch, for a URL. */
  arguments(url: string, signal: AbortSignal | undefined): [input: string | Request, init: RequestInit];
}

const PIECE = 16 * 1024;

export function sendingOf({ id, method, body: { kind, bytes } }: Plan): Sending {
  const content = contentOf(kind, id, bytes);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return {
    sha256,
    arguments(url, signal) {
      const body = bodyOf(kind, content);
      const init: RequestInit = { method, ...(signal && { signal }), ...(body !== undefined && { body }) };
      if (kind === "stream") Object.assign(init, { duplex: "half" });
      return kind === "request" ? [new Request(url, init), signal ? { signal } : {}] : [url, init];
    },
  };
}

/** Bytes of which no two calls have the same. */
function contentOf(kind: BodyKind, id: number, bytes: number): Uint8Array<ArrayBuffer> {
  if (kind === "none") return new Uint8Array();
  const text = `${id}:`.padEnd(bytes, `${id}.`).slice(0, Math.max(bytes, 1));
  return Uint8Array.from(Buffer.from(kind === "form" ? `a=${text.replaceAll(":", "-")}` : text));
}

function bodyOf(kind: BodyKind, content: Uint8Array<ArrayBuffer>): BodyInit | undefined {
  switch (kind) {
    case "none":
      return undefined;
    case "text":
      return Buffer.from(content).toString();
    case "form":
      return new URLSearchParams(Buffer.from(content).toString());
    case "blob":
      return new Blob([content]);
    case "stream":
      return streamOf(content);
    default:
      return content;
  }
}

function streamOf(content: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < content.length) controller.enqueue(content.slice(at, at + PIECE));
      at += PIECE;
      if (at >= content.length) controller.close();
    },
  });
}
