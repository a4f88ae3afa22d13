import { once } from "node:events";
import { request as sendRequest } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { loopback, type LoopbackOptions } from "../loopback.ts";

const STATE = "of this login";
const { signal } = new AbortController();

function urlFor(redirectUri: string | URL): URL {
  const query = new URLSearchParams({ state: STATE, redirect_uri: String(redirectUri) });
  return new URL(`https://auth.example.com/authorize?${query}`);
}

/** The redirect URI of a URL that was to be opened, with a query of the server's. */
function back(url: URL, query: Record<string, string> = { code: "c1", state: STATE }): URL {
  const target = new URL(url.searchParams.get("redirect_uri") ?? "");
  target.search = new URLSearchParams(query).toString();
  return target;
}

/** Runs a login, in which a person does something with the URL that they are shown. */
async function login(
  act: (url: URL) => unknown,
  options: Partial<LoopbackOptions> = {},
  whole: { readonly signal: AbortSignal } = { signal },
): Promise<URL> {
  return new URL(await loopback({ open: act, ...options })(urlFor, whole));
}

/** What a person sees in the end. */
async function pageOf(options: Partial<LoopbackOptions> = {}): Promise<Response> {
  let page: Promise<Response> | undefined;
  await login((url) => void (page = fetch(back(url))), options);
  if (!page) throw new Error("Nothing was opened.");
  return page;
}

/** Sends a request whose head says what fetch never would, and gives the status of the answer. */
async function statusOf(
  url: URL,
  { method = "GET", host, path }: { method?: string; host?: string; path?: string } = {},
): Promise<number | undefined> {
  const { hostname, port, pathname, search } = url;
  const headers = host === undefined ? {} : { host };
  const request = sendRequest({ hostname, port, method, path: path ?? `${pathname}${search}`, headers });
  const answered = once(request.end(), "response");
  const [response] = (await answered) as [{ statusCode?: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}

const isListening = async (url: URL): Promise<boolean> => {
  const socket = connect(Number(url.port), url.hostname);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  socket.destroy();
  return connected;
};

describe("loopback", () => {
  it("gives the URL that the browser was sent back to, with its query (RFC 6749 §4.1.2)", async () => {
    const came = await login(async (url) =>
      fetch(back(url, { code: "c1", state: STATE, iss: "https://auth.example.com" })),
    );
    expect(came.hostname).toBe("127.0.0.1");
    expect(came.pathname).toBe("/callback");
    expect(Object.fromEntries(came.searchParams)).toEqual({
      code: "c1",
      state: STATE,
      iss: "https://auth.example.com",
    });
  });

  it("gives an error of the server's in the same way (RFC 6749 §4.1.2.1)", async () => {
    const came = await login(async (url) => fetch(back(url, { error: "access_denied", state: STATE })));
    expect(came.searchParams.get("error")).toBe("access_denied");
  });

  it("listens on 127.0.0.1, at a port of each login's own (RFC 8252 §7.3, §8.3)", async () => {
    const seen: URL[] = [];
    const both = loopback({
      open: async (url) => {
        seen.push(new URL(url.searchParams.get("redirect_uri") ?? ""));
        await vi.waitFor(() => expect(seen).toHaveLength(2));
        await fetch(back(url));
      },
    });
    await Promise.all([both(urlFor, { signal }), both(urlFor, { signal })]);
    expect(seen.map(({ hostname }) => hostname)).toEqual(["127.0.0.1", "127.0.0.1"]);
    expect(new Set(seen.map(({ port }) => port)).size).toBe(2);
  });

  it("listens at the path and the port that are given", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    await once(free.close(), "close");
    const came = await login(async (url) => fetch(back(url)), { path: "/oauth/back", port });
    expect(came.href).toMatch(`http://127.0.0.1:${port}/oauth/back?`);
  });

  it("shows a page that names no secret, runs nothing, and tells nobody of its URL", async () => {
    const shown = await pageOf();
    const text = await shown.text();
    expect(text).toContain("You can close this page.");
    expect(text).not.toMatch(/c1|state|<script/);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": expect.stringContaining("default-src 'none'") as string,
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
  });

  it("shows the page that is given", async () => {
    const page = "<p>Zurück zum Programm";
    expect(await (await pageOf({ page })).text()).toBe(page);
  });

  it.each([
    ["another path", 404, async (url: URL) => statusOf(new URL("/favicon.ico", back(url)))],
    ["another method", 405, async (url: URL) => statusOf(back(url), { method: "POST" })],
    [
      "a name that leads here, as a page's own may",
      421,
      async (url: URL) => statusOf(back(url), { host: "evil.example" }),
    ],
    ["localhost", 421, async (url: URL) => statusOf(back(url), { host: `localhost:${back(url).port}` })],
    ["a URL of another host", 421, async (url: URL) => statusOf(back(url), { path: "http://evil.example/callback" })],
    ["a path that reads as a host", 421, async (url: URL) => statusOf(back(url), { path: `//evil.example/callback` })],
    ["what is no URL", 404, async (url: URL) => statusOf(back(url), { path: "//[" })],
    ["another state", 400, async (url: URL) => statusOf(back(url, { code: "evil", state: "of another" }))],
    ["no state", 400, async (url: URL) => statusOf(back(url, { code: "evil" }))],
  ])("refuses %s, and goes on listening", async (_, status, act) => {
    let refused: number | undefined;
    const came = await login(async (url) => {
      refused = await act(url);
      await fetch(back(url));
    });
    expect(refused).toBe(status);
    expect(came.searchParams.get("code")).toBe("c1");
  });

  it("takes one answer: the second finds nobody, or is told that it is too late", async () => {
    const statuses: (number | undefined)[] = [];
    let redirectUri = new URL("http://127.0.0.1/");
    await login(async (url) => {
      redirectUri = back(url);
      const sent = [statusOf(redirectUri), statusOf(redirectUri)].map((status) => status.catch(() => undefined));
      statuses.push(...(await Promise.all(sent)));
    });
    await vi.waitFor(() => expect(statuses).toHaveLength(2));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await isListening(redirectUri)).toBe(false);
  });

  it("ends what a browser opened and never used", async () => {
    let idle: ReturnType<typeof connect> | undefined;
    await login(async (url) => {
      idle = connect(Number(back(url).port), "127.0.0.1");
      await once(idle, "connect");
      await fetch(back(url));
    });
    if (idle && !idle.destroyed) await once(idle, "close");
    expect(idle?.destroyed).toBe(true);
  });

  it("doesn't wait for what opens the URL", async () => {
    const came = await login(async (url) => {
      await fetch(back(url));
      return new Promise(() => {}); // a browser that stays open
    });
    expect(came.searchParams.get("code")).toBe("c1");
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new Error("no browser");
      },
    ],
    [
      "rejects",
      async (): Promise<never> => {
        throw new Error("no browser");
      },
    ],
  ])("passes on what opens the URL %s, and listens no more", async (_, fail) => {
    let redirectUri = new URL("http://127.0.0.1/");
    const call = login((url) => {
      redirectUri = back(url);
      return fail();
    });
    await expect(call).rejects.toThrow("no browser");
    expect(await isListening(redirectUri)).toBe(false);
  });

  it("passes on what building the URL throws, and listens no more", async () => {
    let redirectUri = "";
    const call = loopback({ open: () => {} })(
      (uri) => {
        redirectUri = String(uri);
        throw new Error("no URL");
      },
      { signal },
    );
    await expect(call).rejects.toThrow("no URL");
    expect(await isListening(new URL(redirectUri))).toBe(false);
  });

  it("ends with an error of its own when the time is over, and listens no more", async () => {
    let redirectUri = new URL("http://127.0.0.1/");
    const call = login((url) => void (redirectUri = back(url)), { timeLimit: 1 });
    await expect(call).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_EXPIRED",
      message: "Nobody came back from the authorization server within 0.001 s. Log in again, or raise `timeLimit`.",
    });
    expect(await isListening(redirectUri)).toBe(false);
  });

  it("gives a person five minutes, and no more than a timer counts to", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const opened = vi.fn<(url: URL) => void>();
      let ended = false;
      const call = login(opened).catch((error: unknown) => error);
      void call.then(() => (ended = true));
      await vi.waitUntil(() => opened.mock.calls.length > 0, { interval: 0 });
      await vi.advanceTimersByTimeAsync(299_000); // waitUntil may have passed some of the time, too
      expect(ended).toBe(false);
      await vi.advanceTimersByTimeAsync(1000);
      expect(await call).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_EXPIRED" });
    } finally {
      vi.useRealTimers();
    }
    expect(() => loopback({ open: () => {}, timeLimit: 2 ** 31 - 1, port: 65_535 })).not.toThrow();
  });

  it("ends with the reason of an abort, before it begins and while it waits, and listens no more", async () => {
    const reason = new Error("never mind");
    const opened = vi.fn<(url: URL) => void>();
    await expect(login(opened, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const early = new AbortController();
    const begun = login(opened, {}, early);
    early.abort(reason); // while the port is being opened
    await expect(begun).rejects.toBe(reason);
    expect(opened).not.toHaveBeenCalled();

    const controller = new AbortController();
    let redirectUri = new URL("http://127.0.0.1/");
    const call = login(
      (url) => {
        redirectUri = back(url);
        controller.abort(reason);
      },
      {},
      controller,
    );
    await expect(call).rejects.toBe(reason);
    expect(await isListening(redirectUri)).toBe(false);
  });

  it("says so if another program has the port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      await expect(login(() => {}, { port })).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_OAUTH2_LOOPBACK",
        message: `Port ${port} of 127.0.0.1 can't be listened at. End the program that has it, or choose another port.`,
      });
    } finally {
      await once(other.close(), "close");
    }
  });

  it.each([
    ["no open", { open: undefined }],
    ["a path without a slash", { path: "callback" }],
    ["a path that is a host", { path: "//evil.example/" }],
    ["a path with a query", { path: "/callback?x" }],
    ["a port that is none", { port: 65_536 }],
    ["half a port", { port: 80.5 }],
    ["no time at all", { timeLimit: 0 }],
    ["more than a timer counts to", { timeLimit: 2 ** 31 }],
    ["a time that is text", { timeLimit: "1000" }],
    ["a page that is none", { page: 404 }],
  ])("refuses %s", (_, wrong) => {
    const options = { open: () => {}, ...wrong } as unknown as LoopbackOptions;
    const [name = ""] = Object.keys(wrong);
    expect(() => loopback(options)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringContaining(`\`${name}\` is`) as string,
      }),
    );
  });
});
