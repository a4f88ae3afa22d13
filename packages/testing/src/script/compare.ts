import type { Difference } from "../errors/script.ts";
import type { TextExpectation } from "./expectation.ts";

const EXCERPT = 40;

/** Names of fields and query pairs whose value is a credential: a message shows no more of it than the test itself wrote. */
const SECRET = /auth|cookie|token|secret|password|api[-_]?key|signature/i;

/** How a text differs from what was expected, if it does. */
export function compareText(part: string, expected: TextExpectation, actual: string | null): Difference[] {
  if (expected === null) {
    return actual === null ? [] : [{ part, expected: "absent", actual: "present" }];
  }
  const shownExpected = expected instanceof RegExp ? String(expected) : quote(expected);
  if (actual === null) return [{ part, expected: shownExpected, actual: "absent" }];
  const fits = expected instanceof RegExp ? actual.search(expected) !== -1 : expected === actual;
  return fits ? [] : [{ part, expected: shownExpected, actual: quote(actual) }];
}

/** The same for a header field, whose value may be a credential. */
export function compareField(name: string, expected: TextExpectation, actual: string | null): Difference[] {
  const differences = compareText(`header "${name}"`, expected, actual);
  if (!SECRET.test(name) || actual === null || expected === null) return differences;
  return differences.map((difference) => ({ ...difference, actual: withheld(expected, actual) }));
}

/** The same for a URL, whose query may hold one. */
export function compareUrl(part: string, expected: string | RegExp, actual: string): Difference[] {
  return compareText(part, expected, actual).map((difference) => ({ ...difference, actual: quote(shownUrl(actual)) }));
}

/** A URL without the credentials of its query. */
export function shownUrl(url: string): string {
  return url.replace(/([?&])([^=&#]*)=([^&#]*)/g, (pair, mark: string, name: string) =>
    SECRET.test(name) ? `${mark}${name}=[redacted]` : pair,
  );
}

/** Where a credential leaves what was expected, without showing it. */
export function withheld(expected: TextExpectation, actual: string): string {
  const length = `${actual.length} characters`;
  if (typeof expected !== "string") return `another value (${length})`;
  let index = 0;
  while (index < actual.length && actual[index] === expected[index]) index++;
  return `another value (${length}, different from character ${index + 1} on)`;
}

/** The first place where bytes differ, with a few around it. */
export function compareBytes(part: string, expected: Uint8Array, actual: Uint8Array): Difference[] {
  const length = Math.max(expected.length, actual.length);
  for (let index = 0; index < length; index++) {
    if (expected[index] === actual[index]) continue;
    return [{ part, expected: excerpt(expected, index), actual: excerpt(actual, index) }];
  }
  return [];
}

function excerpt(bytes: Uint8Array, index: number): string {
  if (bytes.length === 0) return "no bytes";
  const start = Math.max(0, index - EXCERPT / 2);
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + EXCERPT));
  return `${quote(text)} from byte ${start} of ${bytes.length}, different at byte ${index}`;
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}…` : text);
}
