// Which runtimes hide where a redirect leads, as browsers do: there redirects stay with the runtime.
import { afterEach, describe, expect, it, vi } from "vitest";
import type * as flow from "../index.ts";
import type * as runtime from "./runtime.ts";

/** A copy that has seen nothing of a runtime yet. */
async function fresh(): Promise<typeof flow & typeof runtime> {
  vi.resetModules();
  return { ...(await import("../index.ts")), ...(await import("./runtime.ts")) };
}

describe("a runtime", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules(); // what a copy has seen stays with it
  });

  it.each([
    ["a page, by its document", { document: {}, navigator: { userAgent: "Mozilla/5.0" } }, true],
    ["a worker of a page", { importScripts: () => undefined, navigator: { userAgent: "Mozilla/5.0" } }, true],
    ["a service worker that is a module", { navigator: { userAgent: "Mozilla/5.0 (X11)" } }, true],
    ["workerd", { navigator: { userAgent: "Cloudflare-Workers" } }, false],
    [
      "workerd, with a document that some library set",
      { document: {}, navigator: { userAgent: "Cloudflare-Workers" } },
      false,
    ],
    ["Deno", { Deno: {}, document: {}, navigator: { userAgent: "Deno/2.9" } }, false],
    ["what says nothing of itself", { navigator: undefined }, false],
  ])("is taken for one that hides redirects, or not: %s", async (_, globals, hides) => {
    vi.stubGlobal("process", undefined);
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    expect((await fresh()).hidesRedirects()).toBe(hides);
  });

  it("is not taken for a browser on Node, whatever a DOM in JavaScript adds", async () => {
    vi.stubGlobal("document", {});
    vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (linux) jsdom/26" });
    expect((await fresh()).hidesRedirects()).toBe(false);
  });

  it("that hides a redirect, contrary to what it looks like, is known from then on", async () => {
    const { runFlow, hidesRedirects } = await fresh();
    const modes: (RequestRedirect | undefined)[] = [];
    const next = async (_url: string, init?: RequestInit): Promise<Response> => {
      modes.push(init?.redirect);
      if (init?.redirect !== "manual") return new Response("there");
      return Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
    };
    const authFetch = runFlow(
      {
        name: "test",
        *authFlow(request: Request) {
          yield request;
        },
      },
      next,
    );
    expect(hidesRedirects()).toBe(false);
    expect(await (await authFetch("https://example.com/a")).text()).toBe("there");
    expect(hidesRedirects()).toBe(true);
    await authFetch("https://example.com/b", { method: "POST", body: "text" });
    expect(modes.map((mode) => mode === "manual")).toEqual([true, false, false]);
  });
});
