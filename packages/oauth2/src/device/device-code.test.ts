import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEVICE, deviceFetch, deviceServer, says, tokens } from "../fixtures/device-login.ts";
import { settled } from "../fixtures/server.ts";
import { type DeviceCodeOptions, deviceCode, memoryStore, type UserCode } from "../index.ts";

const API = "https://api.example.com/";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The outcome of a call, for which time passes as fast as it can. */
async function outcome(call: Promise<Response>): Promise<unknown> {
  let ended = false;
  const result = call.then(
    async (response) => response.text(),
    (error: unknown) => error,
  );
  void result.then(() => (ended = true));
  // Until it has ended, whatever the clock says by then. What goes by no clock, such as the hash of a store's key, has real time.
  while (!ended) {
    await crypto.subtle.digest("SHA-256", new Uint8Array());
    await settled();
    await vi.advanceTimersByTimeAsync(1000);
  }
  return result;
}

describe("deviceCode", () => {
  it("shows a person where to go and what to enter there (RFC 8628 §3.3)", async () => {
    const show = vi.fn<(code: UserCode) => void>();
    const server = deviceServer([tokens]);
    expect(
      await outcome(deviceFetch(server, { show, scope: ["read", "write"], parameters: { audience: "a" } })(API)),
    ).toBe("Bearer t1");
    expect(show.mock.calls).toEqual([
      [
        {
          verificationUri: DEVICE.verification_uri,
          userCode: DEVICE.user_code,
          verificationUriComplete: DEVICE.verification_uri_complete,
          expiresIn: 1800,
        },
      ],
    ]);
    expect(Object.fromEntries(server.starts[0] ?? [])).toEqual({
      client_id: "cli",
      scope: "read write",
      audience: "a",
    });
    expect(Object.fromEntries(server.polls[0] ?? [])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code", // §3.4
      client_id: "cli",
      device_code: DEVICE.device_code,
      audience: "a",
    });
  });

  it("asks again after the interval as long as nobody has said anything (§3.5 authorization_pending)", async () => {
    const pending = (): Response => says("authorization_pending");
    const server = deviceServer([pending, pending, tokens], { interval: 7 });
    expect(await outcome(deviceFetch(server)(API))).toBe("Bearer t1");
    expect(server.pollTimes).toEqual([7, 14, 21]);
  });

  it.each([
    ["doesn't say", undefined],
    ["says none", 0],
    ["says no number", "soon"],
  ])("waits five seconds where the server %s (§3.2)", async (_, interval) => {
    const server = deviceServer([() => says("authorization_pending"), tokens], { interval });
    await outcome(deviceFetch(server)(API));
    expect(server.pollTimes).toEqual([5, 10]);
  });

  it("understands servers with numbers in texts, the URI's name in a draft, and errors with status 200 or 428", async () => {
    const show = vi.fn<(code: UserCode) => void>();
    const url = "https://example.com/activate";
    const server = deviceServer(
      [
        () => Response.json({ error: "authorization_pending" }),
        () => Response.json({ error: "authorization_pending" }, { status: 428 }),
        tokens,
      ],
      { interval: "1", expires_in: "900", verification_uri: undefined, verification_url: url },
    );
    expect(await outcome(deviceFetch(server, { show })(API))).toBe("Bearer t1");
    expect(show.mock.calls).toMatchObject([[{ verificationUri: url, expiresIn: 900 }]]);
    expect(server.pollTimes).toEqual([1, 2, 3]);
  });

  it("waits five seconds longer, from then on, each time that it is told to slow down (§3.5 slow_down)", async () => {
    const slower = (): Response => says("slow_down");
    const server = deviceServer([slower, slower, () => says("authorization_pending"), tokens]);
    await outcome(deviceFetch(server)(API));
    expect(server.pollTimes).toEqual([5, 15, 30, 45]);
  });

  it("waits twice as long after a connection that failed or timed out (§3.5), and makes no attempts in between", async () => {
    const server = deviceServer([
      () => new Error("connection refused"),
      () => new Response("<html>", { status: 503 }),
      () => new Promise<Response>(() => {}),
      tokens,
    ]);
    expect(await outcome(deviceFetch(server, { timeLimit: 4000 })(API))).toBe("Bearer t1");
    // 5, 10 later, 20 later, and 2 (half of the limit) for the one that hung, and 40 after that
    expect(server.pollTimes).toEqual([5, 15, 35, 77]);
  });

  it("ends with the refusal of the person (§3.5 access_denied), and asks nobody again", async () => {
    const server = deviceServer([() => says("access_denied")]);
    expect(await outcome(deviceFetch(server)(API))).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      error: "access_denied",
    });
    expect(server.polls).toHaveLength(1);
  });

  it("ends with any other error of the server's (RFC 6749 §5.2)", async () => {
    const server = deviceServer([() => says("invalid_client")]);
    expect(await outcome(deviceFetch(server)(API))).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      error: "invalid_client",
    });
  });

  it("ends when the server says that the code has expired (§3.5 expired_token)", async () => {
    const server = deviceServer([() => says("expired_token")]);
    expect(await outcome(deviceFetch(server)(API))).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_EXPIRED",
      error: "expired_token",
      message: "Nobody has entered the code in time. Make the call again for another code.",
    });
  });

  it.each([
    [14, [5, 10]],
    [10, [5]],
    [5, []],
    [0, []],
  ])(
    "ends when the code has expired after %d s, whatever the server says (§3.2 expires_in)",
    async (seconds, times) => {
      const server = deviceServer([() => says("authorization_pending")], { expires_in: seconds });
      expect(await outcome(deviceFetch(server)(API))).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_EXPIRED" });
      expect(server.pollTimes).toEqual(times);
    },
  );

  it("tells of the tokens that came", async () => {
    const onRefreshed = vi.fn<NonNullable<DeviceCodeOptions["onRefreshed"]>>();
    await outcome(deviceFetch(deviceServer([tokens]), { onRefreshed })(API));
    expect(onRefreshed.mock.calls).toMatchObject([[{ grant: "device_code", refreshed: false }]]);
  });

  it("shows another code at the call after one that expired", async () => {
    const show = vi.fn<(code: UserCode) => void>();
    const server = deviceServer([() => says("expired_token"), tokens]);
    const authFetch = deviceFetch(server, { show, backOff: 0 });
    expect(await outcome(authFetch(API))).toBeInstanceOf(Error);
    expect(await outcome(authFetch(API))).toBe("Bearer t1");
    expect(show).toHaveBeenCalledTimes(2);
  });

  it("shows one code to any number of calls", async () => {
    const show = vi.fn<(code: UserCode) => void>();
    const server = deviceServer([tokens]);
    const authFetch = deviceFetch(server, { show });
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcome(authFetch(API))));
    expect(new Set(outcomes)).toEqual(new Set(["Bearer t1"]));
    expect(show).toHaveBeenCalledTimes(1);
    expect(server.polls).toHaveLength(1);
  });

  it("shows none where the tokens of the same login are stored", async () => {
    const store = memoryStore();
    const show = vi.fn<(code: UserCode) => void>();
    const server = deviceServer([tokens]);
    for (let count = 0; count < 2; count++) {
      expect(await outcome(deviceFetch(server, { store, show })(API))).toBe("Bearer t1");
    }
    expect(await outcome(deviceFetch(server, { store, show, scope: "write" })(API))).toBe("Bearer t1");
    expect(show).toHaveBeenCalledTimes(2);
  });

  it("lets a call that is aborted go at once, and polls on for the others", async () => {
    const server = deviceServer([() => says("authorization_pending"), tokens]);
    const authFetch = deviceFetch(server);
    const controller = new AbortController();
    const reason = new Error("never mind");
    const aborted = outcome(authFetch(API, { signal: controller.signal }));
    const other = outcome(authFetch(API));
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    expect(await other).toBe("Bearer t1");
  });

  it("polls no more when nobody waits any more", async () => {
    const server = deviceServer([() => says("authorization_pending")]);
    const controller = new AbortController();
    const call = deviceFetch(server)(API, { signal: controller.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(12_000);
    controller.abort();
    await call;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.pollTimes).toEqual([5, 10]);
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new Error("no screen");
      },
    ],
    [
      "rejects",
      async (): Promise<never> => {
        throw new Error("no screen");
      },
    ],
  ])("passes on what `show` %s, and polls for no code that nobody saw", async (_, show) => {
    const server = deviceServer([tokens]);
    expect(await outcome(deviceFetch(server, { show })(API))).toMatchObject({ message: "no screen" });
    expect(server.polls).toEqual([]);
  });

  it("doesn't wait for what `show` returns", async () => {
    const call = deviceFetch(deviceServer([tokens]), { show: async () => new Promise(() => {}) })(API);
    expect(await outcome(call)).toBe("Bearer t1");
  });

  it.each([
    ["runs", { verification_uri: "javascript:alert(1)" }],
    ["is a file", { verification_uri_complete: "file:///etc/passwd" }],
    ["is none", { verification_uri: "example.com/device" }],
  ])("shows no verification URI that %s", async (_, device) => {
    const show = vi.fn<(code: UserCode) => void>();
    expect(await outcome(deviceFetch(deviceServer([tokens], device), { show })(API))).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_RESPONSE",
    });
    expect(show).not.toHaveBeenCalled();
  });

  it("shows nothing that a terminal obeys", async () => {
    const show = vi.fn<(code: UserCode) => void>();
    const uri = "https://example.com/\u001b]0;x\u0007\n?a=b";
    const device = { user_code: "AB\u001b[2J\u2028\nCD", verification_uri: uri, verification_uri_complete: uri };
    await outcome(deviceFetch(deviceServer([tokens], device), { show })(API));
    const href = "https://example.com/%1B]0;x%07?a=b";
    expect(show.mock.calls).toMatchObject([
      [{ userCode: "AB[2JCD", verificationUri: href, verificationUriComplete: href }],
    ]);
  });

  it("asks no more than ten times a second, and never all the time, whatever interval it is told", async () => {
    const pending = (): Response => says("authorization_pending");
    const hasty = deviceServer([pending], { interval: 1e-9, expires_in: 1 });
    expect(await outcome(deviceFetch(hasty)(API))).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_EXPIRED" });
    expect(hasty.polls).toHaveLength(9);
    // A timer that is set to more than 24 days goes off at once.
    const slow = deviceServer([pending], { interval: 3e6, expires_in: 1e9 });
    const controller = new AbortController();
    const call = deviceFetch(slow)(API, { signal: controller.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(slow.polls).toEqual([]);
    controller.abort();
    await call;
  });

  it("leaves no device code in an error, also where the server repeats it", async () => {
    const server = deviceServer([
      () =>
        Response.json({ error: "invalid_request", error_description: `Bad ${DEVICE.device_code}` }, { status: 400 }),
    ]);
    const error = await outcome(deviceFetch(server)(API));
    expect(error).toMatchObject({ errorDescription: "Bad [redacted]" });
    expect(`${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`).not.toContain(
      DEVICE.device_code,
    );
  });

  it("says so if the server has no such endpoint", async () => {
    const scheme = deviceCode({ tokenEndpoint: "https://auth.example.com/token", clientId: "cli", show: () => {} });
    expect(await outcome(scheme(deviceServer([tokens]).fetch)(API))).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
    });
  });

  it.each([
    ["no `show`", "`show` is a function", { show: undefined }],
    ["an endpoint that is none", "is no http(s) URL", { deviceAuthorizationEndpoint: "device" }],
  ])("refuses %s", (_, message, wrong) => {
    expect(() => deviceFetch(deviceServer([tokens]), wrong as unknown as Partial<DeviceCodeOptions>)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
