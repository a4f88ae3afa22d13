import { startOrigins, type TokenServer, tokenServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { authorizationsOf } from "./fixtures/messages.ts";
import { bearer, type TokenSource } from "./index.ts";

/** Fetches a token by the grant client_credentials (RFC 6749 §4.4). */
function clientCredentials({ tokenUrl }: TokenServer): TokenSource {
  return async () => {
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const response = await fetch(tokenUrl, { method: "POST", body });
    return ((await response.json()) as { access_token: string }).access_token;
  };
}

describe("bearer against a server on this machine", () => {
  it("sends a fixed token, and gives the 401 back once it has expired", async () => {
    await using server = await tokenServer();
    const authFetch = bearer(server.issue().access_token, { requireHttps: true })(fetch);
    expect((await authFetch(server.url())).status).toBe(200);
    server.expire();
    const response = await authFetch(server.url());
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="authflow", error="invalid_token"',
    ]);
    expect(authorizationsOf(server.requests)).toEqual(["Bearer access-1", "Bearer access-1"]);
  });

  it("asks for a token, keeps it, and asks again once it has expired: 100 calls at a time", async () => {
    await using server = await tokenServer();
    const authFetch = bearer(clientCredentials(server))(fetch);
    const burst = async (): Promise<readonly number[]> =>
      (await Promise.all(Array.from({ length: 100 }, (_, index) => authFetch(server.url(`/${index}`))))).map(
        ({ status }) => status,
      );
    const all = Array.from({ length: 100 }, () => 200);
    expect(await burst()).toEqual(all);
    expect(server.issued).toBe(1);
    server.expire();
    expect(await burst()).toEqual(all);
    expect([server.issued, server.refused]).toEqual([2, 100]);
    expect(await burst()).toEqual(all);
    expect([server.issued, server.refused]).toEqual([2, 100]);
  });

  it("sends a body again, a stream and a form too, with the new token", async () => {
    await using server = await tokenServer({ uses: 1 });
    const authFetch = bearer(clientCredentials(server))(fetch);
    await authFetch(server.url()); // which uses the first token up
    const stream = new Blob(["a stream of ", "text"]).stream();
    const init = { method: "POST", body: stream, duplex: "half" } as RequestInit;
    expect((await authFetch(server.url("/stream"), init)).status).toBe(200);
    const form = new FormData();
    form.set("file", new File(["content"], "a.txt"));
    expect((await authFetch(server.url("/form"), { method: "POST", body: form })).status).toBe(200);

    const uploads = server.requests.filter(({ target }) => target !== "/token" && target !== "/");
    expect(uploads.map(({ target, headers }) => [target, headers.get("authorization")])).toEqual([
      ["/stream", "Bearer access-1"],
      ["/stream", "Bearer access-2"],
      ["/form", "Bearer access-2"],
      ["/form", "Bearer access-3"],
    ]);
    for (const name of ["/stream", "/form"]) {
      const [refused, accepted] = uploads.filter(({ target }) => target === name);
      expect(accepted?.sha256).toBe(refused?.sha256);
      expect(accepted?.length).toBeGreaterThan(0);
    }
  });

  it("sends no byte of a token to another port, another host or another address", async () => {
    const places = { home: {}, port: {}, name: { hostname: "localhost" }, address: { address: "127.0.0.2" } };
    await using origins = await startOrigins(places);
    const { home, ...others } = origins.servers;
    for (const token of ["pl4nted", async (): Promise<string> => "pl4nted"]) {
      for (const away of Object.values(others)) {
        for (const status of [301, 302, 303, 307, 308]) {
          const back = away.redirect(home.url("/back"), { status });
          const start = home.redirect(home.redirect(back, { status }), { status });
          const authFetch = bearer(token)(fetch);
          const response = await authFetch(start, { method: "POST", body: "x" });
          expect([response.status, response.url]).toEqual([200, home.url("/back")]);
        }
      }
    }
    const wire = (requests: typeof home.requests): string =>
      requests.map(({ target, rawHeaders, text }) => JSON.stringify([target, rawHeaders, text])).join("\n");
    for (const away of Object.values(others)) {
      expect(away.requests).toHaveLength(10);
      expect(wire(away.requests)).not.toContain("pl4nted");
    }
    // At home it went with the two hops before, and not with the one that a server elsewhere had chosen.
    const [back, before] = [true, false].map((is) => home.requests.filter(({ target }) => (target === "/back") === is));
    expect(authorizationsOf(before ?? [])).toEqual(Array.from({ length: 60 }, () => "Bearer pl4nted"));
    expect(authorizationsOf(back ?? [])).toEqual(Array.from({ length: 30 }, () => null));
  });
});
