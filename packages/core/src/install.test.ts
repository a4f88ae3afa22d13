import { basic } from "@authflow/basic";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { authorizations, recordingFetch } from "./fixtures/recording-fetch.ts";
import { createAuthFetch, install, type InstallOptions } from "./index.ts";

const API = "https://api.example.com";
const AT_API = basicHeader("at", "api");
const OPTIONS: InstallOptions = { routes: [{ match: API, auth: ["at", "api"] }] };
const OTHER: InstallOptions = { auth: ["by", "origin"], origins: ["https://other.example"] };

const platformFetch = globalThis.fetch;
let recorded: ReturnType<typeof recordingFetch>;

beforeEach(() => {
  recorded = recordingFetch();
  globalThis.fetch = recorded.fetch;
});

afterEach(() => {
  globalThis.fetch = platformFetch;
  vi.unstubAllGlobals();
});

/** What a call of the global fetch to the API sends. */
async function sent(url: string = API): Promise<string | null | undefined> {
  const before = recorded.calls.length;
  await globalThis.fetch(url);
  expect(recorded.calls).toHaveLength(before + 1);
  return authorizations(recorded.calls).at(-1);
}

/** Puts another wrapper around the global fetch, as a tracer would. */
function traced(): { readonly urls: string[]; readonly self: typeof fetch } {
  const inside = globalThis.fetch;
  const urls: string[] = [];
  const self: typeof fetch = (input, init) => {
    urls.push(input instanceof Request ? input.url : input.toString());
    return inside(input, init);
  };
  globalThis.fetch = self;
  return { urls, self };
}

describe("install", () => {
  test("lets the global fetch authenticate, where its scope says so, until it is uninstalled", async () => {
    const before = globalThis.fetch;
    const installation = install(OPTIONS);
    expect(await sent()).toBe(AT_API);
    expect(await sent("https://third.example/")).toBe(null);
    installation.uninstall();
    expect(globalThis.fetch).toBe(before);
    expect(await sent()).toBe(null);
  });

  test("is undone at the end of a block with using", async () => {
    const before = globalThis.fetch;
    {
      using _ = install(OTHER);
      expect(await sent("https://other.example/")).toBe(basicHeader("by", "origin"));
      expect(await sent()).toBe(null);
    }
    expect(globalThis.fetch).toBe(before);
  });

  test("keeps name, length and members of the platform's fetch", () => {
    globalThis.fetch = Object.assign(platformFetch.bind(undefined), { preconnect: () => "connected" });
    const { name, length } = globalThis.fetch;
    using _ = install(OPTIONS);
    expect([globalThis.fetch.name, globalThis.fetch.length]).toEqual([name, length]);
    expect((globalThis.fetch as unknown as { preconnect(): string }).preconnect()).toBe("connected");
    expect(Object.getOwnPropertyDescriptor(globalThis, "fetch")).toMatchObject({ writable: true, configurable: true });
  });

  test("takes auth of a request, and null, by the global fetch", async () => {
    using _ = install(OPTIONS);
    await fetch(API, { auth: null } as RequestInit);
    await fetch(API, { auth: ["by", "request"] } as RequestInit);
    expect(authorizations(recorded.calls)).toEqual([null, basicHeader("by", "request")]);
  });

  test("may stand beside another, in any order of uninstalling", async () => {
    const before = globalThis.fetch;
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const both = [install(OPTIONS), install(OTHER)] as const;
      expect(await sent()).toBe(AT_API);
      expect(await sent("https://other.example/")).toBe(basicHeader("by", "origin"));
      both[order[0]].uninstall();
      expect([await sent(), await sent("https://other.example/")]).toEqual(
        order[0] === 0 ? [null, basicHeader("by", "origin")] : [AT_API, null],
      );
      both[order[1]].uninstall();
      expect(globalThis.fetch).toBe(before);
    }
  });

  test("leaves the wrappers of others where they are, before and after", async () => {
    const inner = traced();
    const installation = install(OPTIONS);
    const outer = traced();
    expect(await sent()).toBe(AT_API);
    installation.uninstall();
    expect(globalThis.fetch).toBe(outer.self);
    expect(await sent()).toBe(null);
    expect([inner.urls, outer.urls].map((urls) => urls.length)).toEqual([2, 2]);
  });

  test("lets go of what is under a wrapper that has been taken off since", () => {
    const before = globalThis.fetch;
    const first = install(OPTIONS);
    const under = globalThis.fetch;
    traced();
    first.uninstall();
    globalThis.fetch = under; // the other wrapper is gone
    const second = install(OTHER);
    second.uninstall();
    expect(globalThis.fetch).toBe(before);
  });

  test("leaves alone what somebody else has put in its place", () => {
    const installation = install(OPTIONS);
    const { fetch: theirs } = recordingFetch();
    globalThis.fetch = theirs;
    installation.uninstall();
    expect(globalThis.fetch).toBe(theirs);
  });
});

describe("the same options again", () => {
  test("are one wrapper, which any of them takes off, once", async () => {
    const before = globalThis.fetch;
    const first = install(OPTIONS);
    const wrapper = globalThis.fetch;
    const second = install(OPTIONS);
    expect(globalThis.fetch).toBe(wrapper);
    expect(await sent()).toBe(AT_API);
    first.uninstall();
    expect(globalThis.fetch).toBe(before);
    first.uninstall();
    second[Symbol.dispose]();
    expect(globalThis.fetch).toBe(before);
  });

  test("authenticate a call once, also with somebody else's wrapper between", async () => {
    let asked = 0;
    const counting: InstallOptions = {
      routes: [
        {
          match: API,
          auth: (request) => {
            asked++;
            return request;
          },
        },
      ],
    };
    install(counting);
    traced();
    const second = install(counting);
    await sent();
    expect(asked).toBe(1);
    second.uninstall();
    await sent();
    expect(asked).toBe(1);
  });

  test("are installed anew where a test has put the global fetch back", async () => {
    const before = globalThis.fetch;
    install(OPTIONS);
    globalThis.fetch = before;
    const again = install(OPTIONS);
    expect(await sent()).toBe(AT_API);
    again.uninstall();
    expect(globalThis.fetch).toBe(before);
  });
});

describe("what it refuses", () => {
  const invalid: readonly [what: string, options: unknown][] = [
    ["no options", undefined],
    ["no scope", {}],
    ["auth without origins", { auth: ["u", "hunter2"] }],
    ["auth without origins, beside routes", { auth: ["u", "hunter2"], routes: [] }],
    ["another fetch", { ...OTHER, fetch: recordingFetch().fetch }],
    ["an origin that is none", { ...OTHER, origins: ["other.example"] }],
  ];
  test.each(invalid)("%s, and nothing is installed", (_, options) => {
    const before = globalThis.fetch;
    expect(() => install(options as InstallOptions)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.not.stringContaining("hunter2") as unknown,
      }),
    );
    expect(globalThis.fetch).toBe(before);
  });

  test("a runtime without a global fetch", () => {
    vi.stubGlobal("fetch", undefined);
    expect(() => install(OPTIONS)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
  });
});

test("a fetch that schemes have wrapped can be under it, and around it", async () => {
  using _ = install(OPTIONS);
  const around = createAuthFetch({ auth: basic({ username: "by", password: "client" }) });
  await around("https://third.example/");
  expect(authorizations(recorded.calls)).toEqual([basicHeader("by", "client")]);
});
