// What a server may make of a path. The URL standard resolves `..`, `%2e%2e` and backslashes, and leaves `%2f` alone;
// servers decode, some of them twice, and resolve what comes out.

/** What servers read differently. */
const OPEN_TO_READING = /[%;]|\/\//;
const DOT_SEGMENT = /(?:^|[/\\])\.\.?(?:[/\\]|$)/;
/** How often a path may be encoded. */
const DECODINGS = 4;
/** What may lead anywhere is below no prefix but this one. */
const ROOT = "/";

/**
 * A path as a server reads it that decodes all it can: percent-encoded ASCII, `;parameters` of segments taken off, empty
 * segments left out. Where that brings dot segments to light, it may be any path: servers resolve them at different times.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function plainPath(path: string): string {
  if (!OPEN_TO_READING.test(path)) return path;
  let text = path;
  for (let round = 0, before = ""; text !== before; round++) {
    if (round > DECODINGS) return ROOT;
    before = text;
    text = text.replace(/%([\da-f]{2})/gi, decode);
  }
  const bare = text.replace(/;[^/\\]*/g, "");
  if (DOT_SEGMENT.test(bare)) return ROOT;
  const url = new URL("http://host/");
  url.pathname = bare.replace(/[/\\]+/g, "/"); // which encodes what has to be
  return url.pathname;
}

// Octets that are no ASCII stay encoded: no structure hides there.
function decode(octet: string, hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code < 0x80 ? String.fromCharCode(code) : octet.toUpperCase();
}
