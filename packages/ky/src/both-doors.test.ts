// What kyAuth and kyHooks have in common, on both versions of ky, over loopback.
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { exchangesOf, historyOf } from "@authflow/flow";
import { type LoopbackServer, startServer } from "@authflow/testing/server";
import { describe, expect, test, vi } from "vitest";
import { onRequest, onResponse, outcomeOf } from "./fixtures/clients.ts";
import { onChallenge, token, TOKEN } from "./fixtures/schemes.ts";
import { guardedServer, stalledServer } from "./fixtures/servers.ts";
import { ways } from "./fixtures/ways.ts";

interface Told {
  readonly method: string;
  readonly target: string;
  readonly text: string;
  readonly sha256: string;
  readonly length: number;
}

const authorizations = ({ requests }: LoopbackServer): (string | null)[] =>
  requests.map(({ headers }) => headers.get("authorization"));

describe.each(ways)("$name", ({ ky, version, door }) => {
  test("authenticates get().json()", async () => {
    await using server = await guardedServer();
    const told = await ky.extend(door(token())).get<Told>(server.url("/users")).json();
    expect(told).toMatchObject({ method: "GET", target: "/users" });
    expect(server.requests[0]?.headers.get("accept")).toBe("application/json");
  });

  test("takes a function as scheme, and the platform's Request as input", async () => {
    await using server = await guardedServer();
    const api = ky.extend(
      door((request) => {
        request.headers.set("authorization", TOKEN);
        return request;
      }),
    );
    const told = await api<Told>(new Request(server.url("/users"), { method: "DELETE" })).json();
    expect(told).toMatchObject({ method: "DELETE", target: "/users" });
  });

  test("builds the URL as ky does: base and search parameters", async () => {
    await using server = await guardedServer();
    const base = version === "ky 1" ? { prefixUrl: server.url("/v1") } : { prefix: "v1", baseUrl: server.url() };
    const api = ky.extend(door(token())).extend(base);
    const told = await api.get<Told>("users", { searchParams: { page: 2, q: "a b" } }).json();
    expect(told.target).toBe("/v1/users?page=2&q=a+b");
  });

  describe.each([0, 2])("with retry: %i", (retry) => {
    test("sends a JSON body again after a 401", async () => {
      await using server = await guardedServer();
      const json = { name: "Grüße" };
      const told = await ky.extend(door(onChallenge())).post<Told>(server.url(), { json, retry }).json();
      expect(told).toMatchObject({ method: "POST", text: JSON.stringify(json) });
      expect(authorizations(server)).toEqual([null, TOKEN]);
      expect(server.requests.map(({ headers }) => headers.get("content-type"))).toEqual([
        "application/json",
        "application/json",
      ]);
    });

    test("sends a form with a file again, byte for byte", async () => {
      await using server = await guardedServer();
      const body = new FormData();
      body.set("title", "a form");
      body.set("file", new Blob([new Uint8Array(70_000).fill(7)], { type: "image/png" }), "seven.png");
      await ky.extend(door(onChallenge())).post(server.url(), { body, retry });
      const [first, second] = server.requests;
      expect(second?.length).toBeGreaterThan(70_000);
      expect(second?.sha256).toBe(first?.sha256);
      const type = second?.headers.get("content-type") ?? "";
      expect(type).toBe(first?.headers.get("content-type"));
      const start = new TextDecoder().decode(second?.body.subarray(0, 200));
      expect(start).toContain(/boundary=(.+)/.exec(type)?.[1]);
      expect(start).toContain('name="title"');
    });

    test("sends a stream of 64 KiB again, byte for byte", async () => {
      await using server = await guardedServer();
      const bytes = Uint8Array.from({ length: 65_536 }, (_, index) => index % 251);
      const body = new Blob([bytes]).stream();
      const told = await ky.extend(door(onChallenge())).put<Told>(server.url(), { body, retry }).json();
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      expect(told).toMatchObject({ length: 65_536, sha256 });
      expect(server.requests.map((request) => request.sha256)).toEqual([sha256, sha256]);
    });
  });

  test("gives a streamed response as it comes", async () => {
    await using server = await startServer(() => ({
      body: (async function* () {
        yield Buffer.from("one ");
        yield Buffer.from("two");
      })(),
    }));
    const response = await ky.extend(door(token())).get(server.url());
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("one two");
  });

  test("lets ky throw an HTTPError, with the response and its history", async () => {
    await using server = await guardedServer();
    const api = ky.extend(door(onChallenge("Token wrong")));
    const error = (await outcomeOf(api.get(server.url()))) as Error & { response: Response };
    expect(error.name).toBe("HTTPError");
    expect(error.response.status).toBe(401);
    expect(exchangesOf(error.response)).toHaveLength(2);
    expect(await api.get(server.url(), { throwHttpErrors: false }).text()).toBe("who?");
  });

  test("gives the very Response of the fetch, so that its history can be read", async () => {
    await using server = await guardedServer();
    const response = await ky.extend(door(onChallenge())).get(server.url("/users"));
    expect(historyOf(response).map((exchange) => exchange.response?.status)).toEqual([401]);
    expect(exchangesOf(response)).toHaveLength(2);
  });

  test("follows redirects, and takes credentials to no other origin", async () => {
    await using elsewhere = await startServer(() => ({ body: "elsewhere" }));
    await using server = await startServer(({ target }) =>
      target === "/end"
        ? { body: "end" }
        : { status: 302, headers: { location: target === "/a" ? "/end" : elsewhere.url() } },
    );
    const api = ky.extend(door(token()));
    const near = await api.get(server.url("/a"));
    expect([await near.text(), near.url, near.redirected]).toEqual(["end", server.url("/end"), true]);
    const far = await api.get(server.url("/b"));
    expect([await far.text(), far.url, far.redirected]).toEqual(["elsewhere", elsewhere.url(), true]);
    expect(authorizations(server)).toEqual([TOKEN, TOKEN, TOKEN]);
    expect(authorizations(elsewhere)).toEqual([null]);
  });

  test("ends the flow on an abort, at once, and sends nothing more", async () => {
    await using server = await stalledServer();
    const scheme = token();
    const controller = new AbortController();
    const call = ky.extend(door(scheme)).get(server.url(), { signal: controller.signal });
    const outcome = outcomeOf(call);
    await server.received(1);
    controller.abort(new Error("enough"));
    expect(await outcome).toMatchObject({ message: "enough" });
    expect(scheme.flows).toEqual({ begun: 1, ended: 1 });
    expect(server.requests).toHaveLength(1);
  });

  test("sends nothing for a signal that is aborted before", async () => {
    await using server = await guardedServer();
    const scheme = token();
    const call = ky.extend(door(scheme)).get(server.url(), { signal: AbortSignal.abort(new Error("enough")) });
    await expect(call).rejects.toThrow("enough");
    expect(server.requests).toHaveLength(0);
  });

  test("runs the user's hooks around the flow: what they set is sent, what came back they see", async () => {
    await using server = await guardedServer();
    const seen: unknown[] = [];
    const before = onRequest((request) => {
      seen.push(["request", request.headers.get("authorization")]);
      request.headers.set("x-tracing", "t1");
    });
    const after = onResponse((response) => {
      seen.push(["response", response.status]);
    });
    await ky.extend(before).extend(door(onChallenge())).extend(after).get(server.url());
    expect(seen).toEqual([
      ["request", null],
      ["response", 200],
    ]);
    expect(server.requests.map(({ headers }) => headers.get("x-tracing"))).toEqual(["t1", "t1"]);
  });

  test("wraps the fetch that the client has, and hands it what ky hands to a fetch", async () => {
    const calls: { input: unknown; init: object }[] = [];
    const fetch = async (input: unknown, init: object = {}): Promise<Response> => {
      calls.push({ input, init });
      return new Response("underneath");
    };
    const dispatcher = { dispatch: true };
    const api = ky.extend({ fetch }).extend(door(token()));
    const call = api.post("https://example.com/", {
      json: {},
      timeout: false,
      context: { a: 1 },
      dispatcher,
    } as object);
    expect(await call.text()).toBe("underneath");
    const [{ input, init } = {}] = calls;
    expect((input as Request).headers.get("authorization")).toBe(TOKEN);
    expect(init).toEqual({
      dispatcher,
      signal: expect.any(AbortSignal) as unknown,
      authflow: expect.any(Object) as unknown,
    });
  });

  test("looks the global fetch up at each request, as ky does", async () => {
    const api = ky.extend(door(token()));
    vi.stubGlobal("fetch", async () => new Response("stubbed"));
    try {
      expect(await api.get("https://example.com/").text()).toBe("stubbed");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("is off for a request with auth: null, which ky hands on as it does any option that it doesn't know", async () => {
    await using server = await guardedServer();
    const options = { auth: null, throwHttpErrors: false } as object;
    expect((await ky.extend(door(token())).get(server.url(), options)).status).toBe(401);
    expect(authorizations(server)).toEqual([null]);
  });

  test("shows each exchange to onExchange", async () => {
    await using server = await guardedServer();
    const statuses: (number | undefined)[] = [];
    const options = {
      onExchange: ({ response }: { response: { status: number } | undefined }) => void statuses.push(response?.status),
    };
    await ky.extend(door(onChallenge(), options)).get(server.url());
    expect(statuses).toEqual([401, 200]);
  });

  test("keeps no more of a stream than it is told to", async () => {
    await using server = await guardedServer();
    const body = trickling(5, 1000);
    const call = ky.extend(door(onChallenge(), { replayLimit: 1000 })).post(server.url(), { body, retry: 0 });
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE", response: { status: 401 } });
  });

  test("refuses what is no scheme, and options that can't be meant, when it is called", () => {
    expect(() => door({ name: "x" })).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_SCHEME" }));
    expect(() => door(undefined as never)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_SCHEME" }));
    expect(() => door(token(), { replayLimit: -1 })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });
});

/** A stream that comes in chunks, each in a turn of its own, as from elsewhere. */
function trickling(chunks: number, size: number): ReadableStream<Uint8Array> {
  let left = chunks;
  let isOpen = true;
  return new ReadableStream({
    async pull(stream) {
      await setTimeout(0);
      if (!isOpen) return;
      stream.enqueue(new Uint8Array(size));
      if (--left === 0) stream.close();
    },
    cancel() {
      isOpen = false;
    },
  });
}
