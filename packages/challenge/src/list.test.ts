import { expect, test } from "vitest";
import { listElements } from "./list.ts";

test("splits at commas, takes whitespace off and leaves empty elements out (RFC 9110 §5.6.1.2)", () => {
  expect([...listElements(", a ,\t,b c, ,")]).toEqual(["a", "b c"]);
  expect([...listElements("")]).toEqual([]);
  expect([...listElements(" \t ")]).toEqual([]);
});

test("splits at no comma inside a quoted-string (§5.6.4)", () => {
  expect([...listElements(String.raw`a="b,c", d="\",\\" , "e,f"`)]).toEqual([
    'a="b,c"',
    String.raw`d="\",\\"`,
    '"e,f"',
  ]);
});

test("takes an open quote for no quoted-string and marks its element", () => {
  expect([...listElements('a="b, c="d", e')]).toEqual(['a="b\0', 'c="d"', "e"]);
  expect([...listElements('a="b, c')]).toEqual(['a="b\0', "c"]);
});

test("marks an element with text after a quoted-string, and splits at no comma inside that one", () => {
  expect([...listElements('a="b,c"; d=";", e=";"')]).toEqual(['a="b,c"; d=";"\0', 'e=";"']);
  expect([...listElements('a="b,c" d="e,f", g')]).toEqual(['a="b,c" d="e,f"\0', "g"]);
  expect([...listElements('a="b,c"\td="e,f", g')]).toEqual(['a="b,c"\td="e,f"\0', "g"]);
  expect([...listElements('a="b" \t, c="d"\u00a0, e="f" \u00a0')]).toEqual([
    'a="b"',
    'c="d"\u00a0\0',
    'e="f" \u00a0\0',
  ]);
});

test("takes a quoted-string that is closed in the midst of other text for none", () => {
  expect([...listElements('a="b,c"d, e')]).toEqual(['a="b\0', 'c"d\0', "e"]);
});

test("trims no octet that only JavaScript calls whitespace", () => {
  expect([...listElements("\u00a0a\u00a0,b\u00a0")]).toEqual(["\u00a0a\u00a0", "b\u00a0"]);
});

test("may be stopped and run side by side", () => {
  const one = listElements('a="x" , b');
  const other = listElements('c="y",d');
  expect([one.next().value, other.next().value, one.next().value, other.next().value]).toEqual([
    'a="x"',
    'c="y"',
    "b",
    "d",
  ]);
});
