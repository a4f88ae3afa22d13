import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RoutePrefixes } from "./route-prefixes.ts";

function tableOf(prefixes: readonly string[]): RoutePrefixes<{ order: number; prefix: string }> {
  const table = new RoutePrefixes<{ order: number; prefix: string }>();
  for (const [order, prefix] of prefixes.entries()) table.add(prefix, { order, prefix });
  return table;
}

describe("routes by prefix", () => {
  test("are found where a path is below theirs, by whole segments", () => {
    const table = tableOf(["/v1", "/v2/"]);
    expect(["/v1", "/v1/", "/v1/x", "/v2/", "/v2/x"].map((path) => table.find(path)?.prefix)).toEqual([
      "/v1",
      "/v1",
      "/v1",
      "/v2/",
      "/v2/",
    ]);
    expect(["/", "/v", "/v10", "/v2", "/V1"].map((path) => table.find(path))).toEqual(Array(5).fill(undefined));
  });

  test("count in their order, not by their length, and the first of two that are the same", () => {
    expect(tableOf(["/v1/x", "/v1", "/"]).find("/v1/x/y")?.order).toBe(0);
    expect(tableOf(["/", "/v1", "/v1/x"]).find("/v1/x/y")?.order).toBe(0);
    expect(tableOf(["/a", "/v1", "/v1"]).find("/v1")?.order).toBe(1);
  });

  test("are those that looking at one after the other finds, whatever the paths", () => {
    const path = fc.array(fc.constantFrom("/", "a", "ab", "/a/", "v1")).map((parts) => `/${parts.join("")}`);
    fc.assert(
      fc.property(fc.array(path), path, (prefixes, asked) => {
        const order = prefixes.findIndex((one) => asked === one || asked.startsWith(one.replace(/\/?$/, "/")));
        expect(tableOf(prefixes).find(asked)?.order ?? -1).toBe(order);
      }),
    );
  });
});
