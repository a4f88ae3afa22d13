import { describe, expect, it } from "vitest";
import { basicScheme, headerScheme } from "../fixtures/schemes.ts";
import { openSite } from "../fixtures/site.ts";
import { historyOf } from "../index.ts";

// Not `type`, which Node reads from the last hop that it followed itself: "basic" here, "cors" for its own elsewhere.
/** What a caller reads of a response, without its body. */
const reading = ({ url, redirected, status, statusText, ok, bodyUsed, headers }: Response): object => ({
  url,
  redirected,
  status,
  statusText,
  ok,
  bodyUsed,
  names: [...headers.keys()],
});

const INPUTS = [
  ["a string", (url: string, init?: RequestInit): Parameters<typeof fetch> => [url, init]],
  ["a URL", (url: string, init?: RequestInit): Parameters<typeof fetch> => [new URL(url), init]],
  ["a Request", (url: string, init?: RequestInit): Parameters<typeof fetch> => [new Request(url, init)]],
] as const;

describe.each(INPUTS)("a response after redirects reads as fetch's own, given %s", (_, input) => {
  it.each([
    ["one redirect", "/one", ""],
    ["two redirects", "/two", ""],
    ["a redirect elsewhere", "/away", ""],
    ["away and back", "/away-and-back", ""],
    ["a fragment of the caller's", "/one", "#mine"],
    ["a fragment of the Location's", "/to-fragment", "#mine"],
    ["a Location in UTF-8 octets", "/to-octets", ""],
    ["a Location of another letter case", "/to-case", ""],
    ["no redirect", "/end", "#mine"],
    ["a 302 without Location", "/nowhere", ""],
    ["a 300 with Location", "/choices", ""],
    ["a 304 with Location", "/unchanged", ""],
  ])("after %s: url, redirected, its clone and the clone's clone", async (_case, path, fragment) => {
    const [home, away] = [await openSite(), await openSite()];
    home.redirect("/one", "/end").redirect("/two", "/one", 307);
    home.redirect("/away", `${away.origin}/end`, 308).redirect("/away-and-back", `${away.origin}/back`);
    away.redirect("/back", `${home.origin}/end`, 301);
    home.redirect("/to-fragment", "/end#theirs").redirect("/to-octets", "/\u00c3\u00a9");
    home.redirect("/to-case", `HTTP://127.0.0.1:${home.port}/END`);
    home.on("/nowhere", { status: 302 }).on("/choices", { status: 300, headers: { location: "/end" } });
    home.on("/unchanged", { status: 304, headers: { location: "/end" }, body: "" });
    const url = `${home.origin}${path}?q=1${fragment}`;

    const native = await fetch(...input(url));
    const response = await basicScheme()(headerScheme()(fetch))(...input(url));

    expect(reading(response)).toEqual(reading(native));
    const [clone, nativeClone] = [response.clone(), native.clone()];
    const [again, nativeAgain] = [clone.clone(), nativeClone.clone()];
    expect(reading(clone)).toEqual(reading(nativeClone));
    expect(reading(again)).toEqual(reading(nativeAgain));
    const bodies = await Promise.all([response.text(), clone.text(), again.text()]);
    const nativeBodies = await Promise.all([native.text(), nativeClone.text(), nativeAgain.text()]);
    expect(bodies).toEqual(nativeBodies);
  });

  it("is the very object that the fetch inside gave", async () => {
    const site = (await openSite()).redirect("/start", "/end");
    const given: Response[] = [];
    const spy = async (...call: Parameters<typeof fetch>): Promise<Response> => {
      const response = await fetch(...call);
      given.push(response);
      return response;
    };
    const response = await basicScheme()(spy)(...input(`${site.origin}/start`));
    expect(given).toHaveLength(2);
    expect(response).toBe(given[1]);
    expect(response).toBeInstanceOf(Response);
    expect(historyOf(response).map((exchange) => exchange.response?.status)).toEqual([302]);
  });

  it("leaves a redirect to a caller who says redirect: manual", async () => {
    const site = (await openSite()).redirect("/start", "/end");
    const init: RequestInit = { redirect: "manual" };
    const native = await fetch(...input(`${site.origin}/start`, init));
    const response = await basicScheme()(fetch)(...input(`${site.origin}/start`, init));
    expect(reading(response)).toEqual(reading(native));
    expect([response.status, response.headers.get("location"), await response.text()]).toEqual([302, "/end", "moved"]);
    expect(site.visits).toHaveLength(2);
  });

  it("fails as fetch does for a caller who says redirect: error", async () => {
    const site = (await openSite()).redirect("/start", "/end");
    const init: RequestInit = { redirect: "error" };
    await expect(fetch(...input(`${site.origin}/start`, init))).rejects.toThrow(TypeError);
    await expect(basicScheme()(fetch)(...input(`${site.origin}/start`, init))).rejects.toThrow(TypeError);
    expect(site.visits).toHaveLength(2);
    const response = await basicScheme()(fetch)(...input(`${site.origin}/end`, init));
    expect(response.status).toBe(200);
  });
});
