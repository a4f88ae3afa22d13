// What ky doesn't hand to its fetch: what it made the Request of, and what it keeps for itself (1.14 and 2.1).
const KEPT = new Set(
  (
    "method headers body mode credentials cache redirect referrer referrerPolicy integrity keepalive signal window duplex " +
    "json parseJson stringifyJson searchParams baseUrl prefix prefixUrl retry timeout totalTimeout hooks throwHttpErrors " +
    "onDownloadProgress onUploadProgress fetch context"
  ).split(" "),
);

/** The options of a request that belong to its fetch, such as `dispatcher`, `next` and `cf`. */
export function initOf(options: object): RequestInit {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !KEPT.has(name)));
}
