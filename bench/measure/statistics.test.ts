import { describe, expect, it } from "vitest";
import { deviation, differences, median, medianInterval, quantile, ratios } from "./statistics.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe("a median", () => {
  it("is the value in the middle, whatever the order", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it("lies between the two in the middle of an even number", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("is not moved by rounds that were interrupted", () => {
    expect(median([2, 2, 2, 2, 9000])).toBe(2);
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("of nothing is refused", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("a quantile", () => {
  it("is the value below which that share lies", () => {
    expect([0, 0.1, 1].map((share) => quantile([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], share))).toEqual([
      10, 20, 110,
    ]);
  });

  it("is interpolated between its neighbours", () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });
});

describe("the interval of a median", () => {
  // The exact ranks for n = 100 are 40 and 61.
  it("lies between the order statistics that a binomial distribution names", () => {
    const [low, high] = medianInterval(hundred);
    expect(low).toBeGreaterThan(40);
    expect(low).toBeLessThan(42);
    expect(high).toBeGreaterThan(59);
    expect(high).toBeLessThan(61);
  });

  it("of few rounds is all of them", () => {
    expect(medianInterval([1, 2])).toEqual([1, 2]);
  });
});

describe("a deviation", () => {
  it("is that of a normal distribution: half of its values lie within 0.6745 of it", () => {
    expect(deviation([-0.6745, -0.6745, 0, 0.6745, 0.6745])).toBeCloseTo(1, 3);
  });

  it("does not know where the values lie, only how far apart", () => {
    expect(deviation([105, 100, 95])).toBeCloseTo(deviation([5, 0, -5]));
  });
});

describe("pairs", () => {
  it("are compared round by round", () => {
    expect(differences([5, 7], [4, 10])).toEqual([1, -3]);
    expect(ratios([5, 7], [4, 14])).toEqual([1.25, 0.5]);
  });

  it("of unequal sides are refused", () => {
    expect(() => ratios([1, 2], [1])).toThrow(RangeError);
  });
});
