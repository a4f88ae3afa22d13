/** A request that asks for the challenge before the body goes out: HEAD, or the same one without its body. */
export function probeFor({ url, method, headers }: Request, kind: "head" | "empty"): Request {
  // Not derived from the call's own: what is derived is sent with the call's body.
  const probe = new Request(url, { method: kind === "head" ? "HEAD" : method, headers });
  // What describes the body stays with it.
  for (const name of headers.keys()) if (name.startsWith("content-")) probe.headers.delete(name);
  return probe;
}
