/** A request that asks for the challenge before the body goes out: HEAD, or the same one with an empty body. */
export function probeFor({ url, method, headers }: Request, kind: "head" | "empty"): Request {
  // With a body of its own, however short: a request without one is sent with the call's.
  const probe = new Request(
    url,
    kind === "head" ? { method: "HEAD", headers } : { method, headers, body: new Uint8Array(0) },
  );
  // What describes the body stays with it.
  for (const name of headers.keys()) if (name.startsWith("content-")) probe.headers.delete(name);
  return probe;
}
