// The cases of conformance/httpx-behaviours.json that take a scheme and who composes it: netrc and core.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthFetch } from "@authflow/core";
import { netrc } from "@authflow/netrc";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const TEXT = "machine h.test login u password p\n";
const basicOf = (username: string, password: string): string => `Basic ${btoa(`${username}:${password}`)}`;

/** Answers with the credentials that it was sent. */
const echo = async (_url: string, init?: RequestInit): Promise<Response> =>
  new Response(new Headers(init?.headers).get("authorization"));

describe("netrc-unknown-host-userinfo: user and password in the URL of a host without an entry", () => {
  const url = "https://x:y@other.test/";

  it("are not looked at, as in HTTPX, where netrc is the client's auth: that comes before the URL's", async () => {
    const authFetch = createAuthFetch({ auth: netrc({ text: TEXT }), fetch: echo });
    expect(await (await authFetch(url)).text()).toBe("");
  });

  it("are sent where netrc stands under a fetch that has no auth of its own", async () => {
    const authFetch = createAuthFetch({ fetch: netrc({ text: TEXT })(echo) });
    expect(await (await authFetch(url)).text()).toBe(basicOf("x", "y"));
    expect(await (await authFetch("https://h.test/")).text(), "and the entries still count").toBe(basicOf("u", "p"));
  });

  it("never become those of an entry for another user or another host", async () => {
    const authFetch = createAuthFetch({ fetch: netrc({ text: `${TEXT}default login d password q\n` })(echo) });
    expect(await (await authFetch(url)).text()).toBe(basicOf("x", "y"));
    expect(await (await authFetch("https://x:y@h.test/")).text()).toBe(basicOf("x", "y"));
  });
});

describe("netrc-trust-env-0.23: a netrc file in the surroundings (NETRC, or the one in the home)", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "authflow-netrc-"));
    await writeFile(join(folder, ".netrc"), TEXT, { mode: 0o600 });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  /** Where the surroundings have a file for h.test. */
  const surroundings = (): readonly (readonly [name: string, value: string])[] => [
    ["NETRC", join(folder, ".netrc")],
    ["HOME", folder],
    ["USERPROFILE", folder],
  ];
  const sent = async (authFetch: ReturnType<typeof createAuthFetch>, init?: object): Promise<string> =>
    (await authFetch("https://h.test/", init)).text();

  it("is not read by a fetch that nobody gave netrc to", async () => {
    for (const [name, value] of surroundings()) vi.stubEnv(name, value);
    expect(await sent(createAuthFetch({ fetch: echo }))).toBe("");
    expect(await sent(createAuthFetch({ fetch: echo, auth: null }))).toBe("");
    expect(await sent(createAuthFetch({ fetch: echo, auth: ["a", "b"] }))).toBe(basicOf("a", "b"));
  });

  it("is read once somebody did, by NETRC or in the home", async () => {
    for (const [name, value] of surroundings()) {
      vi.unstubAllEnvs();
      vi.stubEnv("NETRC", undefined);
      vi.stubEnv(name, value);
      if (name === "USERPROFILE" && process.platform !== "win32") continue;
      expect([name, await sent(createAuthFetch({ fetch: echo, auth: netrc() }))]).toEqual([name, basicOf("u", "p")]);
    }
  });

  it("gives way to an Authorization header of the request, and to `auth: null`, as in HTTPX it did not", async () => {
    vi.stubEnv("NETRC", join(folder, ".netrc"));
    const authFetch = createAuthFetch({ fetch: echo, auth: netrc() });
    expect(await sent(authFetch, { headers: { authorization: "Own" } })).toBe("Own");
    expect(await sent(authFetch, { auth: null })).toBe("");
    expect(await sent(authFetch)).toBe(basicOf("u", "p"));
  });
});
