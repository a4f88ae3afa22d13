/** The origin of the URL of a Request, which is whole and normal, and the `uri` of RFC 7616 §3.4: what stands on the request line. */
export function targetOf(url: string): readonly [origin: string, uri: string] {
  const path = url.indexOf("/", url.indexOf("//") + 2);
  const hash = url.indexOf("#", path);
  const uri = url.slice(path, hash < 0 ? undefined : hash);
  return [url.slice(0, path), uri.replace(/\?$/, "")];
}

/** A request without the "?" of an empty query: some runtimes send it and some don't, and it is part of what is signed. */
export function withoutEmptyQuery<R extends Request>(request: R, url: string): R | Request {
  return /\?(#|$)/.test(url) ? new Request(url.replace("?", ""), request) : request;
}
