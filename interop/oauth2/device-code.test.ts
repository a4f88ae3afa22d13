import { setTimeout as pause } from "node:timers/promises";
import { deviceCode, type DeviceCodeOptions, type UserCode } from "@authflow/oauth2";
import { describe, expect, it } from "vitest";
import { Browser } from "./server/browser.ts";
import { USER } from "./server/interactions.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();

/** Answers as the server does, with an interval that a test has the time for: the server's own is five seconds. */
const quick: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!response.url.endsWith("/device/auth")) return response;
  const codes = (await response.json()) as object;
  return Response.json({ ...codes, interval: 0.02 }, response);
};

const enter = async ({ verificationUri, userCode }: UserCode): Promise<void> =>
  new Browser().enter(verificationUri, userCode);

function device(show: DeviceCodeOptions["show"]): typeof fetch {
  return deviceCode({ issuer: server().issuer, clientId: "cli", scope: "openid read", show })(quick);
}

describe("device code of oidc-provider", () => {
  it("waits until a person has entered the code elsewhere (RFC 8628 §3)", async () => {
    const authFetch = device(enter);
    const [response] = await Promise.all([authFetch(server().api), authFetch(server().api)]);
    expect(await response.json()).toMatchObject({ client: "cli", user: USER });
    const told = server().told();
    expect(told.filter((line) => line.startsWith("POST /device/auth"))).toHaveLength(1);
    expect(told.filter((line) => line === "POST /token device_code: 200")).toHaveLength(1);
    server().voidAccessTokens();
    expect((await authFetch(server().api)).status).toBe(200);
    expect(server().told()).toEqual(["GET /: 401", "POST /token refresh_token: 200", "GET /: 200"]);
  });

  it("asks again as long as nobody has (§3.5)", async () => {
    const polled = (): boolean => server().told().includes("POST /token device_code: 400 authorization_pending");
    const authFetch = device(async (code) => {
      while (!polled()) await pause(5);
      await enter(code);
    });
    expect((await authFetch(server().api)).status).toBe(200);
  });

  it("tells of the person's refusal (§3.5 access_denied)", async () => {
    server().settings.consents = false;
    await expect(device(enter)(server().api)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      error: "access_denied",
    });
  });

  it("ends when nobody waits any more", async () => {
    const controller = new AbortController();
    const call = device(() => controller.abort())(server().api, { signal: controller.signal });
    await expect(call).rejects.toThrow("abort");
  });
});
