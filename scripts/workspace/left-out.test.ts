import { expect, it } from "vitest";
import { leftOut } from "./left-out.ts";

const nginx = ["redirects", "basic on nginx (left out: nginx is not installed)"];

it("counts the tests that didn't run, for each reason that their groups give", () => {
  const reasons = leftOut([
    { status: "pending", ancestorTitles: nginx },
    { status: "skipped", ancestorTitles: [...nginx, "with a port"] },
    { status: "pending", ancestorTitles: ["curl (left out: curl is not installed)"] },
  ]);
  expect([...reasons]).toEqual([
    ["nginx is not installed", 2],
    ["curl is not installed", 1],
  ]);
});

it("counts none that ran, and none that is meant for CI", () => {
  const reasons = leftOut([
    { status: "passed", ancestorTitles: nginx },
    { status: "failed", ancestorTitles: nginx },
    { status: "pending", ancestorTitles: ["hostile text"] },
  ]);
  expect(reasons.size).toBe(0);
});
