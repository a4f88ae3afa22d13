import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { fieldsOf } from "../script/reply.ts";
import type { ServerReply } from "./server-reply.ts";

/** Writes a reply, line by line as it was given. */
export async function writeReply(response: ServerResponse, reply: ServerReply): Promise<void> {
  const { status = 200, body = "" } = reply;
  const fields = fieldsOf(reply.headers);
  const isWhole = typeof body === "string" || body instanceof Uint8Array;
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  if (isWhole && !names.has("content-length") && !names.has("transfer-encoding") && mayHaveBody(status)) {
    fields.push(["Content-Length", String(Buffer.byteLength(body))]);
  }
  response.writeHead(
    status,
    fields.flatMap(([name, value]) => [name, octets(value)]),
  );
  // As bytes: node:http writes the head together with a text, and in its encoding.
  if (isWhole) response.end(typeof body === "string" ? Buffer.from(body) : body);
  else await writePieces(response, body);
}

async function writePieces(response: ServerResponse, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(pieces, response);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether the client went away before it had all, which is its right. */
function isGone(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" || code === "EPIPE";
}

function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304;
}

/** A field value as node:http takes it: one character an octet. */
function octets(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value, "utf8").toString("latin1") : value;
}
