import { scriptedFetch, type ScriptStep, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { conformance } from "./fixtures/cases.ts";
import { authorizationsOf, challenge, refusal } from "./fixtures/messages.ts";
import { bearer } from "./index.ts";

/** A scripted server of conformance/flows.json. */
interface FlowCase {
  readonly id: string;
  readonly client: { readonly scheme?: string; readonly token: string; readonly refresh: string };
  readonly calls: readonly { readonly method: string; readonly path: string }[];
  readonly server_steps: readonly ScriptStep[];
  readonly result: { readonly statuses: readonly number[]; readonly wire: number };
}

describe("conformance/flows.json, the scheme bearer", () => {
  const { cases } = conformance("flows.json") as { cases: readonly FlowCase[] };
  const flows = cases.filter(({ client }) => client.scheme === "bearer");

  it("is tested whole", () => {
    expect(flows.map(({ id }) => id)).toEqual(["bearer-401-refresh-once", "bearer-insufficient-scope"]);
  });

  it.each(flows)("$id", async ({ client, calls, server_steps: steps, result }) => {
    const fetch = scriptedFetch(steps);
    const authFetch = bearer((_, refused) => (refused ? client.refresh : client.token))(fetch);
    const statuses: number[] = [];
    for (const { method, path } of calls) {
      statuses.push((await authFetch(`http://server.example${path}`, { method })).status);
    }
    fetch.done();
    expect({ statuses, wire: fetch.calls.length }).toEqual(result);
  });
});

describe("conformance/httpx-behaviours.json", () => {
  const { cases } = conformance("httpx-behaviours.json") as { cases: readonly { id: string; stance: string }[] };

  // HTTPX gives the 401 back, though a token that looks good was revoked; here the function is asked.
  it("ha-revoked-401", async () => {
    expect(cases.find(({ id }) => id === "ha-revoked-401")?.stance).toBe("improve");
    const scheme = bearer(async (_, refused) => (refused ? "another" : "revoked"));
    const { requests, response } = await walk(scheme, new Request("https://example.com/"), refusal(), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer revoked", "Bearer another"]);
    expect(response.status).toBe(200);
  });
});

describe("conformance/security.json", () => {
  const { items } = conformance("security.json") as { items: readonly { id: string }[] };

  const holds: Readonly<Record<string, () => Promise<void> | void>> = {
    // A token that was cleared or replaced is sent no more.
    "CVE-2026-9079": async () => {
      let session: string | undefined = "t1";
      const scheme = bearer(() => session ?? "anonymous", { perRequest: true });
      const before = await walk(scheme, new Request("https://example.com/"), new Response());
      session = undefined;
      const after = await walk(scheme, new Request("https://example.com/"), new Response());
      expect(authorizationsOf([before.requests[0], after.requests[0]])).toEqual(["Bearer t1", "Bearer anonymous"]);
    },
    // To no other scheme, host or port, whichever of them a redirect changes.
    "CVE-2025-14524": async () => {
      for (const location of ["http://example.com/", "https://example.com:8443/", "https://sub.example.com/"]) {
        const fetch = scriptedFetch([
          { expect: { authorization: "Bearer t1" }, reply: { status: 302, headers: { location } } },
          { expect: { url: location, authorization: null }, reply: challenge("Bearer") },
        ]);
        await bearer("t1")(fetch)("https://example.com/");
        fetch.done();
      }
      for (const location of ["imap://example.com/", "ldap://example.com/", "file:///etc/passwd"]) {
        const fetch = scriptedFetch([{ reply: { status: 302, headers: { location } } }]);
        await expect(bearer("t1")(fetch)("https://example.com/")).rejects.toMatchObject({
          code: "ERR_AUTHFLOW_REDIRECT_TARGET",
        });
        fetch.done();
      }
    },
    "CRLF injection": async () => {
      for (const end of ["\r\n", "\n", "\r", "\0", "\r\nX-Injected: 1"]) {
        expect(() => bearer(`t1${end}`)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" }));
        const fetch = scriptedFetch([]);
        await expect(bearer(async () => `t1${end}`)(fetch)("https://example.com/")).rejects.toMatchObject({
          code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
        });
        fetch.done();
      }
    },
  };

  it("has these entries", () => {
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(holds)));
  });

  it.each(Object.entries(holds))("%s", (_, hold) => hold());
});
