// What a server may make of a path. The URL standard resolves `..`, `%2e%2e` and backslashes, and leaves `%2f` alone;
// servers decode, some of them twice, and resolve what comes out.

/** What servers read differently. */
const OPEN_TO_READING = /[%;]|\/\//;
const DECODINGS = 3;

/**
 * A path as a server reads it that decodes all it can: percent-encoded ASCII, `;parameters` of segments taken off, empty
 * segments left out, and then dot segments resolved.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function plainPath(path: string): string {
  if (!OPEN_TO_READING.test(path)) return path;
  let text = path;
  for (let round = 0; round < DECODINGS && text.includes("%"); round++) text = text.replace(/%([\da-f]{2})/gi, decode);
  const url = new URL("http://host/");
  url.pathname = text.replaceAll(/;[^/\\]*/g, "").replaceAll(/[/\\]+/g, "/"); // which resolves the dots
  return url.pathname;
}

// Octets that are no ASCII stay encoded: no structure hides there.
function decode(octet: string, hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code < 0x80 ? String.fromCharCode(code) : octet.toUpperCase();
}
