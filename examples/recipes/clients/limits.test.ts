// What the README says of single clients.
import { createAuthFetch } from "@authflow/core";
import { digest } from "@authflow/digest";
import type { Middleware } from "@authflow/flow";
import { echoServer, type LoopbackServer, startServer } from "@authflow/testing/server";
import axios from "axios";
import fetchRetry from "fetch-retry";
import { createFetch } from "ofetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import wretch from "wretch";
import { retry } from "wretch/middlewares";
import { startSite } from "../site/start-site.ts";

const olivia = (): Middleware => digest({ username: "olivia", password: "secret" });

let server: LoopbackServer;

beforeAll(async () => {
  server = await echoServer();
});

afterAll(async () => {
  await server.close();
});

const authorizations = (since: number): (string | null)[] =>
  server.requests.slice(since).map(({ headers }) => headers.get("authorization"));

describe("axios", () => {
  it("sends the credentials of the scheme in place of its own `auth`", async () => {
    const authFetch = createAuthFetch({ auth: ["finley", "secret"] });
    const api = axios.create({ adapter: "fetch", env: { fetch: authFetch }, baseURL: server.origin });
    const before = server.requests.length;
    await api.get("/", { auth: { username: "olivia", password: "other" } });
    expect(authorizations(before)).toEqual([`Basic ${btoa("finley:secret")}`]);
  });

  it("hands `auth` of `fetchOptions` to the fetch", async () => {
    const authFetch = createAuthFetch({ auth: ["finley", "secret"] });
    const api = axios.create({ adapter: "fetch", env: { fetch: authFetch }, baseURL: server.origin });
    const before = server.requests.length;
    await api.get("/", { fetchOptions: { auth: null } });
    await api.get("/", { fetchOptions: { auth: ["olivia", "secret"] } });
    expect(authorizations(before)).toEqual([null, `Basic ${btoa("olivia:secret")}`]);
  });

  it("sends a form by `post` as what it isn't, by `postForm` as what it is, in Node", async () => {
    const api = axios.create({ adapter: "fetch", env: { fetch: globalThis.fetch }, baseURL: server.origin });
    const before = server.requests.length;
    await api.post("/", new FormData());
    await api.postForm("/", new FormData());
    const types = server.requests.slice(before).map(({ headers }) => headers.get("content-type"));
    expect(types).toEqual(["application/x-www-form-urlencoded", expect.stringMatching(/^multipart\/form-data; bound/)]);
  });
});

describe("the retry of a client", () => {
  const attempts = ["GET /busy 401 no credentials", "GET /busy 503 Digest", "GET /busy 200 Digest"];

  it("stands outside of the scheme: in ofetch", async () => {
    await using site = await startSite();
    const api = createFetch({ fetch: olivia()(fetch), defaults: { baseURL: site.origin } });
    await api("/busy");
    expect(site.wire).toEqual(attempts);
  });

  it("stands outside of the scheme: in wretch, where it is the first middleware", async () => {
    await using site = await startSite();
    const busy = retry({ delayTimer: 0, maxAttempts: 1, until: (response) => response?.status !== 503 });
    await wretch(site.origin).middlewares([busy, olivia()]).get("/busy").res();
    expect(site.wire).toEqual(attempts);
  });
});

describe("fetch-retry around a fetch of createAuthFetch", () => {
  /** A server that is busy once. */
  const busyOnce = (): Promise<LoopbackServer> => {
    let isBusy = true;
    return startServer(async (request) => {
      await request.ended;
      const status = isBusy ? 503 : 200;
      isBusy = false;
      return { status, body: request.text };
    });
  };
  const retrying = fetchRetry(createAuthFetch({ auth: ["finley", "secret"] }), { retryOn: [503], retryDelay: 0 });
  const stream = (): ReadableStream<Uint8Array> => new Blob(["a report"]).stream();

  it("makes the body of each attempt by a function", async () => {
    await using busy = await busyOnce();
    const response = await retrying(busy.origin, { method: "PUT", body: stream });
    expect([response.status, await response.text(), busy.requests.length]).toEqual([200, "a report", 2]);
  });

  it("can't send a stream twice", async () => {
    await using busy = await busyOnce();
    const streaming = { duplex: "half" } as const; // which the types of the DOM don't know
    const options = { retries: 1, retryOn: [503] };
    const call = retrying(busy.origin, { method: "PUT", body: stream(), ...streaming, ...options });
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_BODY" });
    expect(busy.requests.length).toBe(1);
  });
});
