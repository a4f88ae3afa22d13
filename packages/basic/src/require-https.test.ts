import { InsecureTransportError } from "@authflow/flow";
import { describe, expect, it } from "vitest";
import { answering, challenge } from "./fixtures/answering.ts";
import { basic } from "./index.ts";

const OPTIONS = { username: "Aladdin", password: "open sesame", requireHttps: true };

describe("basic with requireHttps", () => {
  it.each([true, false])("refuses plain http before anything is sent (preemptive: %s)", async (preemptive) => {
    const server = answering();
    const call = basic({ ...OPTIONS, preemptive })(server.fetch)("http://example.com/a?token=t0p");
    await expect(call).rejects.toBeInstanceOf(InsecureTransportError);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INSECURE_TRANSPORT", url: "http://example.com/a" });
    expect(server.sent).toHaveLength(0);
  });

  it.each([
    "https://example.com/",
    "http://localhost:8080/",
    "http://app.localhost/",
    "http://127.0.0.1:8080/",
    "http://[::1]/",
  ])("lets %s pass: nobody listens there", async (url) => {
    const server = answering(200);
    await basic(OPTIONS)(server.fetch)(url);
    expect(server.authorizations).toEqual(["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
  });

  it.each([
    "http://127.0.0.1.example.com/",
    "http://localhost.example.com/",
    "http://10.0.0.1/",
    "http://notlocalhost/",
  ])("refuses %s, which only looks like this machine", async (url) => {
    await expect(basic(OPTIONS)(answering().fetch)(url)).rejects.toBeInstanceOf(InsecureTransportError);
  });

  it("leaves a call outside of its `origins` alone", async () => {
    const server = answering(challenge("Basic"));
    await basic({ ...OPTIONS, origins: ["https://example.com"] })(server.fetch)("http://example.com/");
    expect(server.authorizations).toEqual([null]);
  });

  it("follows a redirect to plain http, without the credentials", async () => {
    const server = answering(new Response(null, { status: 302, headers: { location: "http://example.com/" } }), 200);
    await basic(OPTIONS)(server.fetch)("https://example.com/");
    expect(server.authorizations).toEqual(["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", null]);
  });

  it("is off by default", async () => {
    const server = answering(200);
    await basic({ username: "Aladdin", password: "open sesame" })(server.fetch)("http://example.com/");
    expect(server.sent).toHaveLength(1);
  });
});
