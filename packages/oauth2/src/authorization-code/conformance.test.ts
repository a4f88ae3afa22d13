import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { back, codeServer, login, optionsWith } from "../fixtures/code-login.ts";
import { authorizationCode } from "../index.ts";

interface Behaviours {
  readonly cases: readonly { readonly id: string; readonly given: string; readonly stance: string }[];
}

const file = new URL("../../../../conformance/httpx-behaviours.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as Behaviours;

describe("conformance/httpx-behaviours.json, the code flow", () => {
  const holds: Readonly<Record<string, () => Promise<void>>> = {
    // "if that is rejected, full flow again"
    "ha-refresh": async () => {
      const grants: (string | null)[] = [];
      const server = codeServer({}, (number, form) => {
        grants.push(form.get("grant_type"));
        return number === 2
          ? Response.json({ error: "invalid_grant" }, { status: 400 })
          : { refresh_token: "r1", expires_in: 0 };
      });
      const authorize = vi.fn<(url: URL) => string>(back);
      const authFetch = authorizationCode(optionsWith(authorize))(server.fetch);
      for (let count = 0; count < 2; count++) expect((await authFetch("https://api.example.com/")).status).toBe(200);
      expect(grants).toEqual(["authorization_code", "refresh_token", "authorization_code"]);
    },
    // httpx_auth derives the state from the URL, and never compares it.
    "ha-state-unchecked": async () => {
      const states = [await login(codeServer()), await login(codeServer())].map((url) => url.searchParams.get("state"));
      expect(new Set(states).size).toBe(2);
      const server = codeServer();
      await expect(login(server, {}, (url) => back(url, { state: states[0] ?? "" }))).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
      });
      expect(server.forms).toEqual([]);
    },
  };

  it.each(cases.filter(({ id }) => id in holds))("$id ($stance): $given", async ({ id }) => holds[id]?.());

  it("is tested whole", () => {
    const about = cases.filter(({ given }) => /code flow|PKCE/.test(given)).map(({ id }) => id);
    expect(about).toEqual(Object.keys(holds));
  });
});
