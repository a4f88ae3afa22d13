// RFC 7616 §3.3, `domain`: where an answer may go without another challenge.
import type { DigestChallenge } from "./challenge.ts";

/** How many URIs of a `domain` count. */
const LIMIT = 100;

/** The paths that a `domain` names at the server's own origin; all of that where it names none. Others have no say here. */
export function pathsOf({ params }: DigestChallenge, base: string): readonly string[] {
  const { origin } = new URL(base);
  const references = params.get("domain")?.match(/\S+/g) ?? [];
  const paths = references.slice(0, LIMIT).flatMap((reference) => {
    const url = URL.canParse(reference, base) && new URL(reference, base);
    return url && url.origin === origin ? (url.pathname + url.search).replace(/\/$/, "") : [];
  });
  return paths.length > 0 ? paths : [""];
}

/** Whether a URI begins with a path, by whole segments: /api is no beginning of /apis. */
export function covers(path: string, uri: string): boolean {
  return uri.startsWith(path) && "/?".includes(uri.charAt(path.length)); // or nothing follows
}
