// What is kyHooks' own, on both versions of ky: what the README says that it costs is measured here.
import { inspect } from "node:util";
import { isAuthError } from "@authflow/flow";
import { startServer } from "@authflow/testing/server";
import ky2, { isTimeoutError } from "ky";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clients, onRequest, onResponse, outcomeOf, retryOnce } from "./fixtures/clients.ts";
import { apiKey, token, TOKEN } from "./fixtures/schemes.ts";
import { Gate, guardedServer, servesInTurn, stalledServer } from "./fixtures/servers.ts";
import { kyHooks, TimeoutError } from "./index.ts";

const fetchOf =
  (text: string) =>
  async (input: unknown): Promise<Response> =>
    new Response(`${text}: ${(input as Request).headers.get("authorization")}`);

afterEach(() => {
  vi.useRealTimers();
});

/** Time passes when a test says so. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
}

describe.each(clients)("kyHooks in $version", ({ ky, version }) => {
  const isKy1 = version === "ky 1";

  test("can stand in the options of create and of one request, too", async () => {
    await using server = await guardedServer();
    expect((await ky.create(kyHooks(token())).get(server.url())).status).toBe(200);
    expect((await ky.get(server.url(), kyHooks(token()))).status).toBe(200);
  });

  test("sends by the fetch that the request has in the end, whoever set it", async () => {
    const api = ky.extend({ fetch: fetchOf("client") }).extend(kyHooks(token()));
    expect(await api.get("https://example.com/").text()).toBe(`client: ${TOKEN}`);
    expect(await api.get("https://example.com/", { fetch: fetchOf("request") }).text()).toBe(`request: ${TOKEN}`);
    expect(
      await api
        .extend({ fetch: fetchOf("later") })
        .get("https://example.com/")
        .text(),
    ).toBe(`later: ${TOKEN}`);
  });

  test("leaves no trace in the context, nor in what the fetch is given", async () => {
    const seen: unknown[] = [];
    const fetch = async (_input: unknown, init: object = {}): Promise<Response> => {
      seen.push(new Set(Reflect.ownKeys(init)));
      return new Response("ok");
    };
    const context = onRequest((_request, options) => void seen.push(options["context"]));
    await ky
      .extend(context)
      .extend(kyHooks(token()))
      .get("https://example.com/", { fetch, context: { mine: 1 } });
    expect(seen).toEqual([{ mine: 1 }, new Set(["authflow", "signal"])]);
  });

  describe("costs", () => {
    test("ky's timeout, which doesn't reach into a hook", async () => {
      await using server = await stalledServer();
      stopTime();
      const call = ky.extend(kyHooks(token(), { timeout: false })).get(server.url(), { timeout: 1000 });
      await server.received(1);
      vi.advanceTimersByTime(60_000);
      server.gate.open();
      expect((await call).status).toBe(200);
    });

    test(`${isKy1 ? "no" : "every"} retry on a status`, async () => {
      await using server = await servesInTurn({ status: 503 }, { body: "ok" });
      const scheme = token();
      const call = ky.extend(kyHooks(scheme)).put(server.url(), { ...retryOnce, body: "again" });
      if (isKy1) expect(await call.text()).toBe("ok");
      else await expect(call).rejects.toMatchObject({ name: "HTTPError", response: { status: 503 } });
      expect(scheme.flows.ended).toBe(isKy1 ? 2 : 1);
      for (const { headers, text } of server.requests) {
        expect([headers.get("authorization"), text]).toEqual([TOKEN, "again"]);
      }
    });

    test(`${isKy1 ? "no" : "every"} retry on an error of the transport`, async () => {
      let attempts = 0;
      await using server = await startServer((_request, wire) => {
        attempts += 1;
        if (attempts > 1) return { body: "ok" };
        wire.reset();
        return undefined;
      });
      const call = ky.extend(kyHooks(token())).get(server.url(), retryOnce);
      if (isKy1) expect(await call.text()).toBe("ok");
      else await expect(call).rejects.toMatchObject({ name: "TypeError", message: "fetch failed" });
      expect(attempts).toBe(isKy1 ? 2 : 1);
    });

    test(`${isKy1 ? "nothing" : "the credentials"} where an afterResponse hook asks for another attempt`, async () => {
      await using server = await servesInTurn({ body: "not yet" }, { body: "ok" });
      let attempts = 0;
      const retry = onResponse(() => (++attempts === 1 ? ky.retry({ delay: 1 }) : undefined));
      expect(await ky.extend(kyHooks(token())).extend(retry).post(server.url(), { json: {} }).text()).toBe("ok");
      expect(server.requests.map(({ headers, text }) => [headers.get("authorization"), text])).toEqual([
        [TOKEN, "{}"],
        [isKy1 ? TOKEN : null, "{}"],
      ]);
    });

    test("the beforeRequest hooks behind it, and a second kyHooks is one", async () => {
      await using server = await guardedServer();
      const skipped = vi.fn<() => void>();
      await ky.extend(kyHooks(token())).extend(onRequest(skipped)).extend(kyHooks(apiKey)).get(server.url());
      expect(skipped).not.toHaveBeenCalled();
      expect(server.requests.map(({ headers }) => headers.get("x-api-key"))).toEqual([null]);
    });

    test(`${isKy1 ? "everything" : "nothing"} where a hook before it returns a Request`, async () => {
      await using server = await guardedServer();
      const replace = onRequest((request) => new Request(request, { headers: { "x-replaced": "yes" } }));
      await ky.extend(replace).extend(kyHooks(token())).get(server.url(), { throwHttpErrors: false });
      const [{ headers } = { headers: new Headers() }] = server.requests;
      expect(headers.get("x-replaced")).toBe("yes");
      expect(headers.get("authorization")).toBe(isKy1 ? null : TOKEN);
    });

    test(`${isKy1 ? "no" : "all"} progress of an upload, and none of a download`, async () => {
      await using server = await guardedServer();
      const onUploadProgress = vi.fn<() => void>();
      const onDownloadProgress = vi.fn<() => void>();
      await ky
        .extend(kyHooks(token()))
        .post(server.url(), { body: "12345678", onUploadProgress, onDownloadProgress })
        .text();
      expect(onUploadProgress.mock.calls.length > 0).toBe(isKy1);
      expect(onDownloadProgress).toHaveBeenCalled();
    });
  });

  describe("timeout", () => {
    test("ends the flow after 10 seconds unless it is told otherwise, as ky's does", async () => {
      await using server = await stalledServer();
      const scheme = token();
      stopTime();
      const call = ky.extend(kyHooks(scheme)).get(server.url("/x?api_key=hunter2"), { headers: { cookie: "hunter2" } });
      const outcome = outcomeOf(call);
      await server.received(1);
      vi.advanceTimersByTime(9999);
      expect(scheme.flows).toEqual({ begun: 1, ended: 0 });
      vi.advanceTimersByTime(1);
      const error = await outcome;
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ code: "ERR_AUTHFLOW_TIMEOUT", url: server.url("/x"), request: { method: "GET" } });
      expect([isAuthError(error), isTimeoutError(error)]).toEqual([true, true]);
      expect(inspect(error) + JSON.stringify(error)).not.toMatch(/hunter2/);
      expect(scheme.flows).toEqual({ begun: 1, ended: 1 });
      expect(server.requests).toHaveLength(1);
    });

    test("counts all exchanges of the flow", async () => {
      await using server = await stalledServer();
      await using issuer = await startServer(() => ({ body: TOKEN }));
      stopTime();
      const scheme = {
        name: "two steps",
        *authFlow(request: Request): Generator<Request, void, Response> {
          yield new Request(issuer.url());
          vi.advanceTimersByTime(600);
          yield request;
        },
      };
      const call = ky.extend(kyHooks(scheme, { timeout: 1000 })).get(server.url(), { retry: 0 });
      const outcome = outcomeOf(call);
      await server.received(1);
      vi.advanceTimersByTime(400);
      expect(await outcome).toBeInstanceOf(TimeoutError);
    });

    test("is over with the headers of the response: its body may take longer", async () => {
      const gate = new Gate();
      await using server = await startServer(() => ({
        body: (async function* () {
          yield Buffer.from("slow ");
          await gate.opened;
          yield Buffer.from("body");
        })(),
      }));
      stopTime();
      const response = await ky.extend(kyHooks(token(), { timeout: 1000 })).get(server.url());
      vi.advanceTimersByTime(60_000);
      gate.open();
      expect(await response.text()).toBe("slow body");
    });

    test("leaves the caller's signal to end a flow without a timeout", async () => {
      await using server = await stalledServer();
      const controller = new AbortController();
      const { signal } = controller;
      const outcome = outcomeOf(ky.extend(kyHooks(token(), { timeout: false })).get(server.url(), { signal }));
      await server.received(1);
      controller.abort(new Error("enough"));
      expect(await outcome).toMatchObject({ message: "enough" });
    });

    test("leaves the caller's signal to end the body", async () => {
      await using server = await startServer((request) => ({
        body: (async function* () {
          yield Buffer.from("endless");
          await request.closed;
        })(),
      }));
      const controller = new AbortController();
      const response = await ky.extend(kyHooks(token())).get(server.url(), { signal: controller.signal });
      controller.abort();
      await expect(response.text()).rejects.toMatchObject({ name: "AbortError" });
    });

    test.each([0, -1, Number.NaN, 2 ** 31, "5 s"])("refuses %s, at once", (timeout) => {
      expect(() => kyHooks(token(), { timeout: timeout as number })).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
      );
    });
  });
});

describe("kyHooks in ky 2, and there alone", () => {
  test("sends by the fetch that a later init hook sets", async () => {
    const init = (options: { fetch?: unknown; context?: object }): void => {
      options.fetch = fetchOf("init");
      options.context = { ...options.context, more: 1 };
    };
    const api = ky2.extend(kyHooks(token())).extend({ hooks: { init: [init] } });
    expect(await api.get("https://example.com/").text()).toBe(`init: ${TOKEN}`);
  });

  test("stands inside totalTimeout, which ends the flow", async () => {
    await using server = await stalledServer();
    const scheme = token();
    stopTime();
    const call = ky2.extend(kyHooks(scheme)).get(server.url(), { totalTimeout: 5000 });
    const outcome = outcomeOf(call);
    await server.received(1);
    vi.advanceTimersByTime(5000);
    expect(await outcome).toMatchObject({ name: "TimeoutError", request: expect.any(Request) as unknown });
    expect(scheme.flows).toEqual({ begun: 1, ended: 1 });
  });
});
