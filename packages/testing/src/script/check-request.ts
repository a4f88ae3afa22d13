import type { Difference } from "../errors/script.ts";
import { checkAuthorization } from "./check-authorization.ts";
import { compareBytes, compareField, compareText, compareUrl } from "./compare.ts";
import type { RequestExpectation, VerifyCredentials } from "./expectation.ts";
import type { RecordedCall } from "./incoming.ts";
import { verdict } from "./verdict.ts";

/** What the checks of a script need to know. */
export interface CheckOptions {
  readonly origins: Readonly<Record<string, string | URL>>;
  readonly verify: VerifyCredentials | undefined;
}

/** Every part of a request that is different from what was expected. */
export async function checkRequest(
  expected: RequestExpectation,
  request: RecordedCall,
  options: CheckOptions,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  if (expected.method !== undefined) differences.push(...compareText("method", expected.method, request.method));
  differences.push(...checkUrl(expected, request, options));
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    differences.push(...compareField(name, value, request.headers.get(name)));
  }
  if (expected.onlyHeaders) differences.push(...checkOthers(expected, request));
  if (expected.body !== undefined) differences.push(...checkBody(expected.body, request));
  if (expected.authorization !== undefined) {
    differences.push(...(await checkAuthorization(expected.authorization, request, options.verify)));
  }
  const { check } = expected;
  if (check) differences.push(...(await verdict("check", "a request that passes", () => check(request))));
  return differences;
}

function checkUrl(expected: RequestExpectation, request: RecordedCall, { origins }: CheckOptions): Difference[] {
  const differences: Difference[] = [];
  if (expected.url !== undefined) {
    const url = expected.url instanceof RegExp ? expected.url : spelled(expected.url);
    differences.push(...compareUrl("url", url, request.url));
  }
  if (expected.origin === undefined && expected.path === undefined) return differences;
  const { origin, pathname, search } = new URL(request.url, "http://relative.invalid/");
  if (expected.origin !== undefined) {
    const named = new URL(origins[expected.origin] ?? expected.origin).origin;
    differences.push(...compareText("origin", named, origin));
  }
  if (expected.path !== undefined) differences.push(...compareUrl("path", expected.path, pathname + search));
  return differences;
}

/** As a Request spells it; a relative one stays as it is. */
function spelled(url: string | URL): string {
  return URL.canParse(url) ? new URL(url).href : String(url);
}

function checkOthers({ headers, authorization }: RequestExpectation, request: RecordedCall): Difference[] {
  const known = new Set(Object.keys(headers ?? {}).map((name) => name.toLowerCase()));
  if (authorization !== undefined) known.add("authorization");
  const others = [...request.headers.keys()].filter((name) => !known.has(name));
  return others.map((name) => ({ part: `header "${name}"`, expected: "absent", actual: "present" }));
}

function checkBody(expected: NonNullable<RequestExpectation["body"]> | null, request: RecordedCall): Difference[] {
  if (expected instanceof RegExp) return compareText("body", expected, request.text);
  const bytes = typeof expected === "string" ? new TextEncoder().encode(expected) : (expected ?? new Uint8Array(0));
  return compareBytes("body", bytes, request.body);
}
