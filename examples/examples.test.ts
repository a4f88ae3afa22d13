import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchangesOf } from "@authflow/flow";
import * as customLock from "./custom-lock.ts";
import * as customOneSided from "./custom-one-sided.ts";
import * as customRequestBody from "./custom-request-body.ts";
import * as globalFetch from "./global-fetch.ts";
import * as netrcVariable from "./netrc-variable.ts";
import { blockingFetch } from "./setting/blocking-fetch.ts";
import { temporaryHome } from "./setting/temporary-home.ts";
import { type Site, startSite } from "./site/start-site.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

describe("custom-lock.ts", () => {
  it("asks for one token, however many calls come at once", async () => {
    const responses = (await customLock.run(site.origin)).slice(0, 3);
    const own = responses.flatMap((response) => exchangesOf(response)).filter(({ side }) => side);
    expect(own.map(({ request }) => request.url)).toEqual([`${site.origin}/token`]);
  });
});

describe("custom-request-body.ts", () => {
  it("sends what it has signed, byte for byte", async () => {
    const response = await customRequestBody.run(site.origin);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ you: `the signer of ${"name=Finley".length} bytes` });
  });
});

describe("custom-one-sided.ts", () => {
  it("ends in an error that says what to do, and nothing was sent", async () => {
    const [, error] = await customOneSided.run(site.origin);
    expect(error.message).toBe(
      '"sync only" has only a syncAuthFlow. Use it with runFlowSync, or give it an authFlow or asyncAuthFlow.',
    );
    expect(exchangesOf(error)).toEqual([]);
  });
});

describe("global-fetch.ts", () => {
  it("puts the platform's fetch back, also after a failure", async () => {
    const platformFetch = globalThis.fetch;
    await globalFetch.run(site.origin);
    expect(globalThis.fetch).toBe(platformFetch);
    await expect(globalFetch.run("http://127.0.0.1:1")).rejects.toThrow("fetch failed");
    expect(globalThis.fetch).toBe(platformFetch);
  });
});

describe("the setting", () => {
  it("gives the process its home and its NETRC back, and removes the temporary one", async () => {
    const { HOME, USERPROFILE } = process.env;
    process.env["NETRC"] = "/nowhere/.netrc";
    await netrcVariable.run(site.origin);
    expect(process.env).toMatchObject({ NETRC: "/nowhere/.netrc" });
    delete process.env["NETRC"];

    const home = await temporaryHome({ ".netrc": "" });
    const path = home.path(".netrc");
    expect([existsSync(path), process.env["HOME"]]).toEqual([true, path.replace(/[/\\][^/\\]*$/, "")]);
    await home[Symbol.asyncDispose]();
    expect([existsSync(path), process.env["HOME"], process.env["USERPROFILE"]]).toEqual([false, HOME, USERPROFILE]);
    expect("NETRC" in process.env).toBe(false);
  });

  it("has a transport that blocks, and says why it failed", () => {
    const response = blockingFetch(new Request(`${site.origin}/header`, { method: "PUT" }), new Uint8Array([1, 2]));
    expect([response.status, response.url]).toEqual([401, `${site.origin}/header`]);
    expect(() => blockingFetch(new Request("http://127.0.0.1:1/"), undefined)).toThrow("fetch failed");
  });
});
