import { describe, expect, it } from "vitest";
import { count, REFRESH_CASES } from "./token-refresh.ts";
import { OURS, type RefreshClient } from "./token-refresh-clients.ts";

/** A client that refreshes before each call, always with the token that it had in the beginning. */
const clumsy: RefreshClient = {
  name: "clumsy",
  async make({ server, tokens }) {
    const refreshed = async (): Promise<string> => {
      const form = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
      const answer = await fetch(server.url("/token"), { method: "POST", body: new URLSearchParams(form) });
      const { access_token: token = "" } = (await answer.json()) as { readonly access_token?: string };
      return `Bearer ${token}`;
    };
    await refreshed();
    return async (url) => fetch(url, { headers: { authorization: await refreshed() } });
  },
};

describe("a case of refreshes", () => {
  it.each(REFRESH_CASES)("is within its limit with ours: $name", async (one) => {
    expect(await count(OURS, one)).toMatchObject({ isWithin: true });
  });

  it("shows what a client loses that uses its refresh token twice", async () => {
    expect(await count(clumsy, { name: "at once", calls: 3 })).toEqual({
      cell: "4, 0, 3",
      isWithin: false,
    });
  });

  it("says that a client isn't there, and what was said about that", async () => {
    const absent: RefreshClient = { name: "absent", make: () => Promise.reject(new Error("npm can't install it.")) };
    expect(await count(absent, { name: "at once", calls: 1 })).toEqual({
      cell: "not here: npm can't install it.",
      isWithin: false,
    });
  });
});
