/** The init of a request with a body, which may be a stream: then fetch wants `duplex`, which DOM's types don't know. */
export function sending(method: string, body: BodyInit): RequestInit & { readonly duplex: "half" } {
  return { method, body, duplex: "half" };
}
