import { expect, it } from "vitest";
import { mebibytes, ratio, signed, time } from "./units.ts";

it.each([
  [0.2514, "0.25 µs"],
  [9.876, "9.88 µs"],
  [98.76, "98.8 µs"],
  [987.6, "988 µs"],
  [9876, "9.88 ms"],
  [50_000, "50.0 ms"],
  [1_500_000, "1.50 s"],
  [-12.34, "-12.3 µs"],
])("a time of %d µs reads %s", (microseconds, text) => {
  expect(time(microseconds)).toBe(text);
});

it("a difference shows its sign", () => {
  expect(signed(time(3))).toBe("+3.00 µs");
  expect(signed(time(-3))).toBe("−3.00 µs");
});

it("bytes are told in MiB, and ratios as factors", () => {
  expect(mebibytes(16 * 1024 * 1024)).toBe("16.0 MiB");
  expect(ratio(1.5)).toBe("1.50x");
});
