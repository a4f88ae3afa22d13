import { expect, test } from "vitest";
import { plainPath } from "./plain-path.ts";

test.each([
  ["/a/b", "/a/b"],
  ["/%61%2f%62", "/a/b"],
  ["/%2561", "/a"],
  ["/a;v=1/b;c", "/a/b"],
  ["/a//b", "/a/b"],
  ["/%7f", "/%7F"], // the last octet of ASCII, which no path holds as it is
  ["/%80", "/%80"], // the first one beyond: no character by itself
  ["/%c3%a4", "/%C3%A4"],
  ["/a/%2e%2e/b", "/"],
  ["/a/.%2e;x/b", "/"],
  ["/%252525252561", "/"], // encoded more often than anybody means it
])("a server that decodes all it can reads %s as %s", (path, plain) => {
  expect(plainPath(path)).toBe(plain);
});
