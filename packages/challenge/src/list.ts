const SEPARATOR = /[ \t]*,/y;

/**
 * Splits a list field at its commas, but not inside a quoted-string; empty elements are left out.
 *
 * fetch joins field lines with commas, so a quote that one line leaves open would swallow the lines after it. A quote
 * therefore opens a quoted-string only if that one is closed before whitespace, a separator or the end of the field. Any
 * other quote makes its element malformed, and so does text after a quoted-string: the element ends in NUL then, which no
 * production allows.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1 RFC 9110 §5.6.1, and §5.6.4 for quoted strings}
 */
export function* listElements(field: string): Generator<string> {
  const text = `${field},`;
  let start = 0;
  let malformed = "";
  for (let at = 0; text[at]; at++) {
    // An escaped quote opens nothing. So every quote that does would end the search that an earlier one began: no part of
    // the text is searched twice, and `\",` over and over takes linear time.
    if (text[at] === '"' && text[at - 1] !== "\\") {
      // A loop, since a regular expression for this needs a stack as long as the text: V8 throws at some 8 MB.
      let close = at;
      while (text[++close] && text[close] !== '"') if (text[close] === "\\") close++;
      SEPARATOR.lastIndex = close + 1;
      if (!SEPARATOR.test(text)) malformed = "\0";
      if (/[ \t,;]/.test(text[close + 1] ?? "")) at = close;
    } else if (text[at] === ",") {
      // Not trim(): it takes U+00A0 too, which in header text is an octet of some other character.
      const [element] = /[^ \t](?:[^]*[^ \t])?/.exec(text.slice(start, at)) ?? [];
      if (element) yield element + malformed;
      start = at + 1;
      malformed = "";
    }
  }
}
