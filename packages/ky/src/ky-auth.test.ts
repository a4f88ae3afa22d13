// What is kyAuth's own, on both versions of ky.
import { startServer } from "@authflow/testing/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clients, onResponse, outcomeOf, retryOnce } from "./fixtures/clients.ts";
import { apiKey, token, TOKEN } from "./fixtures/schemes.ts";
import { guardedServer, servesInTurn, stalledServer } from "./fixtures/servers.ts";
import { kyAuth } from "./index.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe.each(clients)("kyAuth in $version", ({ ky }) => {
  test("wraps the fetch of an earlier kyAuth: both schemes run, in one call", async () => {
    await using server = await guardedServer();
    await ky.extend(kyAuth(token())).extend(kyAuth(apiKey)).get(server.url());
    const [{ headers } = { headers: new Headers() }, ...more] = server.requests;
    expect([headers.get("authorization"), headers.get("x-api-key")]).toEqual([TOKEN, "k1"]);
    expect(more).toEqual([]);
  });

  test("leaves the client that it extends as it was", async () => {
    await using server = await guardedServer();
    const plain = ky.extend({ retry: 0, throwHttpErrors: false });
    plain.extend(kyAuth(token()));
    expect((await plain.get(server.url())).status).toBe(401);
  });

  test("gives way to a fetch that is named later, for the client or for a request", async () => {
    const fetch = async (input: unknown): Promise<Response> =>
      new Response(String((input as Request).headers.get("authorization")));
    const api = ky.extend(kyAuth(token()));
    expect(await api.get("https://example.com/", { fetch }).text()).toBe("null");
    expect(await api.extend({ fetch }).get("https://example.com/").text()).toBe("null");
    expect(await api.extend({ fetch }).extend(kyAuth(token())).get("https://example.com/").text()).toBe(TOKEN);
  });

  test("runs the flow afresh for each attempt that ky makes after a 503", async () => {
    await using server = await servesInTurn({ status: 503 }, { body: "ok" });
    const scheme = token();
    expect(
      await ky
        .extend(kyAuth(scheme))
        .put(server.url(), { ...retryOnce, body: "again" })
        .text(),
    ).toBe("ok");
    expect(scheme.flows).toEqual({ begun: 2, ended: 2 });
    expect(server.requests.map(({ headers, text }) => [headers.get("authorization"), text])).toEqual([
      [TOKEN, "again"],
      [TOKEN, "again"],
    ]);
  });

  test("runs the flow afresh for an attempt that an afterResponse hook asks for", async () => {
    await using server = await servesInTurn({ body: "not yet" }, { body: "ok" });
    let attempts = 0;
    const retry = onResponse(() => (++attempts === 1 ? ky.retry({ delay: 1 }) : undefined));
    expect(await ky.extend(kyAuth(token())).extend(retry).post(server.url(), { json: {} }).text()).toBe("ok");
    expect(server.requests.map(({ headers, text }) => [headers.get("authorization"), text])).toEqual([
      [TOKEN, "{}"],
      [TOKEN, "{}"],
    ]);
  });

  test("takes a Request for elsewhere, by which a hook retries, for a call of its own, which origins bound", async () => {
    await using elsewhere = await servesInTurn({ body: "ok" });
    await using server = await servesInTurn({ body: "not yet" });
    for (const origins of [undefined, [server.origin]]) {
      let attempts = 0;
      const other = onResponse(() =>
        ++attempts === 1 ? ky.retry({ request: new Request(elsewhere.url()), delay: 1 }) : undefined,
      );
      const scheme = { ...token(), ...(origins && { origins }) };
      await ky.extend(kyAuth(scheme)).extend(other).get(server.url());
    }
    expect(elsewhere.requests.map(({ headers }) => headers.get("authorization"))).toEqual([TOKEN, null]);
  });

  test("lets ky retry after an error of the transport", async () => {
    let attempts = 0;
    await using server = await startServer((_request, wire) => {
      attempts += 1;
      if (attempts > 1) return { body: "ok" };
      wire.reset();
      return undefined;
    });
    expect(await ky.extend(kyAuth(token())).get(server.url(), retryOnce).text()).toBe("ok");
    expect(server.requests.map(({ headers }) => headers.get("authorization"))).toEqual([TOKEN, TOKEN]);
  });

  test("stands inside ky's timeout, which ends the flow", async () => {
    await using server = await stalledServer();
    const scheme = token();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const call = ky.extend(kyAuth(scheme)).get(server.url(), { timeout: 5000 });
    const outcome = outcomeOf(call);
    await server.received(1);
    vi.advanceTimersByTime(5000);
    expect(await outcome).toMatchObject({ name: "TimeoutError" });
    expect(scheme.flows).toEqual({ begun: 1, ended: 1 });
  });

  test("counts the progress of an upload", async () => {
    await using server = await guardedServer();
    const sent: number[] = [];
    const onUploadProgress = ({ transferredBytes }: { transferredBytes: number }): void =>
      void sent.push(transferredBytes);
    await ky.extend(kyAuth(token())).post(server.url(), { body: "12345678", onUploadProgress });
    expect(sent.at(-1)).toBe(8);
  });
});
