import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { expect, test } from "vitest";
import { Talk } from "../fixtures/talk.ts";
import { echoServer } from "./echo.ts";
import { startOrigins } from "./origins.ts";
import { trustCertificate } from "./trust.ts";

test("shows a certificate that signs itself and is for every name of this machine", async () => {
  await using server = await echoServer({ https: true });
  const certificate = new X509Certificate(server.certificate ?? "");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(true);
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(["127.0.0.1", "127.0.0.8", "::1"].map((address) => certificate.checkIP(address))).not.toContain(undefined);
  expect(certificate.checkHost("example.com")).toBeUndefined();
});

test("is trusted by nobody unasked", async () => {
  await using server = await echoServer({ https: true });
  await expect(fetch(server.url())).rejects.toMatchObject({ cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
});

test("is trusted by a client that is given its certificate", async () => {
  await using server = await echoServer({ https: true, hostname: "localhost" });
  const status = await new Promise((resolve, reject) => {
    request(server.url(), { ca: server.certificate, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(200);
});

test("is trusted by fetch as long as the process is told to, also on the way from https to http", async () => {
  await using origins = await startOrigins({ secure: { https: true }, plain: {} });
  const { secure, plain } = origins.servers;
  {
    using trust = trustCertificate();
    expect(trust).toBeDefined();
    const response = await fetch(secure.redirect(plain.url("/end")));
    expect([response.status, response.url]).toEqual([200, plain.url("/end")]);
  }
  await using later = await echoServer({ https: true });
  await expect(fetch(later.url())).rejects.toThrow("fetch failed");
});

test("a plain server has no certificate", async () => {
  await using server = await echoServer();
  expect(server.certificate).toBeUndefined();
});

test("closes although a client never shakes hands", async () => {
  const server = await echoServer({ https: true });
  await using talk = await Talk.with(server);
  const ended = talk.ended();
  await server.close();
  expect(["end", "reset"]).toContain(await ended);
  expect(server.sockets).toBe(0);
});
