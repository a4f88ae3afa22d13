// RFC 7616 §3.3, `domain`: where an answer may go without another challenge.
import type { DigestChallenge } from "./challenge.ts";

/** How many URIs of a `domain` count. */
const LIMIT = 100;

/** The paths that a `domain` names at the server's own origin; all of that where it names none. Others have no say here. */
export function pathsOf({ domain }: DigestChallenge, base: string): readonly string[] {
  const { origin } = new URL(base);
  const references = domain?.match(/\S+/g)?.slice(0, LIMIT);
  const paths = references?.flatMap((reference) => {
    const url = URL.canParse(reference, base) ? new URL(reference, base) : undefined;
    return url?.origin === origin ? (url.pathname + url.search).replace(/\/$/, "") : [];
  });
  return paths?.length ? paths : [""];
}

/** Whether a URI begins with a path, by whole segments: /api is no beginning of /apis. */
export const covers = (path: string, uri: string): boolean =>
  uri.startsWith(path) && "/?".includes(uri.charAt(path.length)); // or nothing follows
