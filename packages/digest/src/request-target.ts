/** The origin of a Request, and path and query as they stand on the request line: the `uri` of RFC 7616 §3.4. */
export function targetOf({ url }: Request): readonly [origin: string, uri: string] {
  // The URL of a Request is whole and normal.
  const [, origin = "", uri = ""] = /^(.*?:\/\/[^/]*)([^#]*)/.exec(url) ?? [];
  return [origin, uri];
}

/** A request without the "?" of an empty query: some runtimes send it and some don't, and it is part of what is signed. */
export function withoutEmptyQuery<R extends Request>(request: R): R | Request {
  const { url } = request;
  return /\?(#|$)/.test(url) ? new Request(url.replace("?", ""), request) : request;
}
