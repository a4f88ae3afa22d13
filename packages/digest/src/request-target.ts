/**
 * The `uri` of RFC 7616 §3.4, of the URL of a Request, which is whole and normal: what stands on the request line. An empty
 * query goes without its "?".
 */
export const targetOf = (url: string): string => /^[^/]+\/\/[^/]*([^?#]*(?:\?[^#]+)?)/.exec(url)?.[1] ?? "";

/** A request without the "?" of an empty query: some runtimes send it and some don't, and it is part of what is signed. */
export function withoutEmptyQuery(request: Request): Request {
  const { url } = request;
  return /^[^?#]+\?(#|$)/.test(url) ? new Request(url.replace("?", ""), request) : request;
}
