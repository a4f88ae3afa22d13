const END_OF_HEAD = "\r\n\r\n";

/**
 * Takes one request off the bytes that came in so far, framed as RFC 9112 §6 says.
 *
 * @returns the request and the bytes after it; nothing while it is not whole
 */
export function takeRequest(
  bytes: Buffer,
): { readonly head: string; readonly body: Buffer; readonly rest: Buffer } | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const start = end + END_OF_HEAD.length;
  const head = bytes.toString("latin1", 0, start);
  if (/^transfer-encoding:.*\bchunked\b/im.test(head)) {
    const chunks = takeChunks(bytes, start);
    return chunks && { head, ...chunks };
  }
  const length = Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
  if (bytes.length < start + length) return undefined;
  return { head, body: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

function takeChunks(bytes: Buffer, start: number): { readonly body: Buffer; readonly rest: Buffer } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const line = bytes.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    const data = line + 2;
    if (size === 0) {
      // Trailer fields, if any, up to an empty line.
      const end = bytes.indexOf(END_OF_HEAD, line);
      return end === -1 ? undefined : { body: Buffer.concat(chunks), rest: bytes.subarray(end + END_OF_HEAD.length) };
    }
    if (Number.isNaN(size) || bytes.length < data + size + 2) return undefined;
    chunks.push(bytes.subarray(data, data + size));
    at = data + size + 2;
  }
}
