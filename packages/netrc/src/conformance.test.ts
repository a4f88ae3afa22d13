import { describe, expect, it } from "vitest";
import { netrcCases, readingOf } from "./fixtures/cases.ts";

describe("conformance/netrc.json", () => {
  it.each(netrcCases())("$id", (one) => {
    expect(readingOf(one)).toEqual(one.expect);
  });
});
