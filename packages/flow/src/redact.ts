import { copyOf, type Entries } from "./headers.ts";

const ALWAYS = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);
const QUERY = /^(access_token|refresh_token|id_token|client_secret|password|api_?key|api-key|token|signature|sig)$/i;
const SCHEME = /^(basic|bearer|digest|dpop|hawk|hoba|mutual|negotiate|ntlm|oauth|signature|token|aws4-hmac-sha256) /i;

export const REDACTED = "[redacted]";

/** A copy in which each credential is replaced; of an Authorization only the name of its scheme is left. */
export function redactHeaders(headers: Headers | Entries, isSecret: (name: string, value: string) => boolean): Headers {
  const copy = copyOf(headers);
  for (const [name, value] of headers) {
    if (ALWAYS.has(name) || isSecret(name, value)) copy.set(name, `${SCHEME.exec(value)?.[0] ?? ""}${REDACTED}`);
  }
  return copy;
}

/** A URL without user name, password and fragment, and with the credentials of its query replaced. */
export function redactUrl(url: string, isSecret: (name: string) => boolean): string {
  const bare = url.replace(/#.*$/s, "").replace(/^((?:[a-z][\w+.-]*:)?\/\/)[^/?#]*@/i, "$1");
  return mapQuery(bare, (name, pair) =>
    QUERY.test(name) || isSecret(name) ? `${pair.split("=", 1)[0]}=${REDACTED}` : pair,
  );
}

/** How many queries inside queries are looked into. A server may nest as many as it likes. */
const DEPTH = 4;

/**
 * Each pair of a query as it is spelled, replaced by what `map` gives, or taken out where that is `undefined`. A pair
 * whose value is a URL with a query of its own (`return_to=…`) is looked into; one that is nested too deep is taken out.
 */
export function mapQuery(
  url: string,
  map: (name: string, pair: string, value: string) => string | undefined,
  depth = 0,
): string {
  const [, before = url, query, after = ""] = /^([^?#]*)\?([^#]*)(.*)$/s.exec(url) ?? [];
  if (!query) return url;
  const pairs = query.split("&").flatMap((pair) => {
    const [[name = "", value = ""] = []] = new URLSearchParams(pair);
    const mapped = map(name, pair, value);
    if (mapped !== pair || !value.includes("?")) return mapped ?? [];
    if (depth === DEPTH) return [];
    const inner = mapQuery(value, map, depth + 1);
    return inner === value ? pair : `${pair.split("=", 1)[0]}=${encodeURIComponent(inner)}`;
  });
  return `${before}${pairs.length > 0 ? "?" : ""}${pairs.join("&")}${after}`;
}
