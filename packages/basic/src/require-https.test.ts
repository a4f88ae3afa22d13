import { InsecureTransportError } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { challenge } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

const OPTIONS = { username: "Aladdin", password: "open sesame", requireHttps: true };
const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

describe("basic with requireHttps", () => {
  it.each([true, false])("refuses plain http before anything is sent (preemptive: %s)", async (preemptive) => {
    const fetch = scriptedFetch([]);
    const call = basic({ ...OPTIONS, preemptive })(fetch)("http://example.com/a?token=t0p");
    await expect(call).rejects.toBeInstanceOf(InsecureTransportError);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INSECURE_TRANSPORT", url: "http://example.com/a" });
    fetch.done();
  });

  it.each([
    "https://example.com/",
    "http://localhost:8080/",
    "http://app.localhost/",
    "http://127.0.0.1:8080/",
    "http://[::1]/",
  ])("lets %s pass: nobody listens on the way", async (url) => {
    const fetch = scriptedFetch([{ expect: { url, authorization: CREDENTIALS }, reply: {} }]);
    await basic(OPTIONS)(fetch)(url);
    fetch.done();
  });

  it.each([
    "http://127.0.0.1.example.com/",
    "http://localhost.example.com/",
    "http://10.0.0.1/",
    "http://notlocalhost/",
  ])("refuses %s, which only looks like this machine", async (url) => {
    const fetch = scriptedFetch([]);
    await expect(basic(OPTIONS)(fetch)(url)).rejects.toBeInstanceOf(InsecureTransportError);
    fetch.done();
  });

  it("leaves a call outside of its `origins` alone", async () => {
    const fetch = scriptedFetch([{ expect: { authorization: null }, reply: challenge("Basic") }]);
    await basic({ ...OPTIONS, origins: ["https://example.com"] })(fetch)("http://example.com/");
    fetch.done();
  });

  it("follows a redirect to plain http, without the credentials", async () => {
    const fetch = scriptedFetch([
      { expect: { authorization: CREDENTIALS }, reply: { status: 302, headers: { location: "http://example.com/" } } },
      { expect: { url: "http://example.com/", authorization: null }, reply: {} },
    ]);
    await basic(OPTIONS)(fetch)("https://example.com/");
    fetch.done();
  });

  it("is off by default", async () => {
    const fetch = scriptedFetch([{ expect: { authorization: CREDENTIALS }, reply: {} }]);
    await basic({ username: "Aladdin", password: "open sesame" })(fetch)("http://example.com/");
    fetch.done();
  });
});
