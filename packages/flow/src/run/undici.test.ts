import * as undici from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { basicScheme, headerScheme, proofFor, proofScheme, SECRETS } from "../fixtures/schemes.ts";
import { openSite, type Site } from "../fixtures/site.ts";
import { historyOf } from "../index.ts";

/** A site that wants a proof for /login. */
const openLogin = async (): Promise<Site> => {
  const site = await openSite();
  const challenge = { status: 401, headers: { "www-authenticate": 'Proof nonce="n1"' } };
  return site.on("/login", ({ headers }) =>
    headers.authorization === `Proof ${proofFor("pr00f", "n1", "/login")}` ? {} : challenge,
  );
};

describe("undici's own fetch, whose Request, Headers and Response are not the platform's", () => {
  it("is wrapped without a change of its type", async () => {
    const site = await openSite();
    const response: undici.Response = await basicScheme()(undici.fetch)(`${site.origin}/`);
    expect(response).toBeInstanceOf(undici.Response);
    expect(site.last.headers.authorization).toBe(`Basic ${SECRETS.basic}`);
  });

  it("gets undici's Request where undici's Request came in", async () => {
    const site = await openLogin();
    const given: unknown[] = [];
    const spy: typeof undici.fetch = (input, init) => {
      given.push(input);
      return undici.fetch(input, init);
    };
    const request = new undici.Request(`${site.origin}/login`, { method: "PUT", body: "text" });
    const response = await proofScheme("pr00f")(spy)(request);
    expect([response.status, site.last.body, site.last.method]).toEqual([200, "text", "PUT"]);
    expect(given).toHaveLength(2);
    for (const input of given) expect(input).toBeInstanceOf(undici.Request);
  });

  it("takes undici's Headers in init", async () => {
    const site = await openLogin();
    const headers = new undici.Headers({ "x-own": "1" });
    const response = await proofScheme("pr00f")(undici.fetch)(`${site.origin}/login`, { headers });
    expect([response.status, site.last.headers["x-own"]]).toEqual([200, "1"]);
    expect([...headers.keys()]).toEqual(["x-own"]);
  });

  it("takes undici's FormData as a body, as often as it has to be sent", async () => {
    const site = await openLogin();
    const form = new undici.FormData();
    form.append("name", "value");
    const response = await proofScheme("pr00f")(undici.fetch)(`${site.origin}/login`, { method: "POST", body: form });
    expect(response.status).toBe(200);
    for (const { body, headers } of site.visits) {
      expect(headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
      expect(body).toContain('form-data; name="name"\r\n\r\nvalue\r\n');
    }
  });

  it("gets the caller's dispatcher at every step and every hop", async () => {
    const site = (await openLogin()).redirect("/start", "/login", 307);
    let dispatched = 0;
    const agent = new undici.Agent().compose((dispatch) => (options, handler) => {
      dispatched++;
      return dispatch(options, handler);
    });
    onTestFinished(() => agent.destroy());
    const response = await proofScheme("pr00f")(undici.fetch)(`${site.origin}/start`, { dispatcher: agent });
    expect([response.status, dispatched]).toEqual([200, 3]);
  });

  it("gives a response that reads as fetch's after a redirect, and so do its clones", async () => {
    const site = (await openSite()).redirect("/start", "/end");
    const response = await headerScheme()(undici.fetch)(new undici.Request(`${site.origin}/start`));
    const again = response.clone().clone();
    for (const { url, redirected } of [response, again])
      expect([url, redirected]).toEqual([`${site.origin}/end`, true]);
    expect(await again.text()).toBe("ok");
  });

  it("has a history whose headers are redacted", async () => {
    const site = await openLogin();
    const response = await proofScheme("pr00f")(undici.fetch)(`${site.origin}/login`);
    expect(historyOf(response as unknown as Response).map((exchange) => exchange.response?.status)).toEqual([401]);
  });
});
