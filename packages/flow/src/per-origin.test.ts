import { describe, expect, it } from "vitest";
import { perOrigin } from "./index.ts";

const counted = (): ((url: string) => { readonly number: number }) => {
  let number = 0;
  return perOrigin(() => ({ number: ++number }));
};

describe("what is kept per origin", () => {
  it("is one for all URLs of an origin, and another for each other origin", () => {
    const at = counted();
    const first = at("https://example.com/");
    for (const same of ["https://example.com/a/b?c#d", "https://example.com/?//other.example/"])
      expect(at(same)).toBe(first);
    const others = [
      "http://example.com/",
      "https://example.com:8443/",
      "https://www.example.com/",
      "https://example.co/",
    ];
    expect(new Set([first, ...others.map((url) => at(url))]).size).toBe(5);
  });

  it("may be undefined, and is made once all the same", () => {
    let made = 0;
    const at = perOrigin(() => void made++);
    at("https://example.com/");
    at("https://example.com/");
    expect(made).toBe(1);
  });

  it("is forgotten when 100 others were asked for since, the one of which nobody asked for the longest time first", () => {
    const at = counted();
    const url = (number: number): string => `https://host-${number}.example/`;
    for (let number = 1; number <= 100; number++) at(url(number));
    expect(at(url(1)).number).toBe(1); // which makes that of host 2 the oldest
    expect(at(url(101)).number).toBe(101);
    expect(at(url(1)).number).toBe(1);
    expect(at(url(3)).number).toBe(3);
    expect(at(url(2)).number).toBe(102);
  });
});
