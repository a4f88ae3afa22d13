import { describe, expect, it } from "vitest";
import { API, serving, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import { clientCredentials } from "./index.ts";

const OPTIONS = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: "s3cret" };

describe("options", () => {
  it.each([
    ["no server", { tokenEndpoint: undefined }, /Give `issuer` or `tokenEndpoint`/],
    ["a token endpoint that is no URL", { tokenEndpoint: "auth.example/token" }, /`tokenEndpoint` is no http\(s\) URL/],
    ["a token endpoint of another scheme", { tokenEndpoint: "file:///etc/passwd" }, /`tokenEndpoint`/],
    ["an issuer that is no URL", { issuer: "https://" }, /`issuer`/],
    ["a revocation endpoint that is no URL", { revocationEndpoint: "" }, /`revocationEndpoint`/],
    ["no client", { clientId: undefined }, /`clientId`/],
    ["an empty client", { clientId: "" }, /`clientId`/],
    ["an empty secret", { clientSecret: "" }, /secret is no text, or empty/],
    ["a time limit of 0", { timeLimit: 0 }, /`timeLimit`/],
    ["a time limit that is no number", { timeLimit: "10" }, /`timeLimit`/],
    ["a time limit without an end", { timeLimit: Infinity }, /at most 24 days/],
    ["a time limit beyond what a timer counts to", { timeLimit: 2 ** 31 }, /at most 24 days/],
    [
      "no secret",
      { clientSecret: undefined },
      /`clientSecret` \(or `clientAuth`\) is no text.* environment variable set/,
    ],
    ["a secret that is no text", { clientSecret: null }, /secret is no text, or empty/],
    ["a secret beside a client authentication", { clientAuth: () => {} }, /Give `clientSecret`, or a function/],
    ["a client authentication by name", { clientSecret: undefined, clientAuth: "none" }, /function as `clientAuth`/],
    [
      "a token endpoint with a user",
      { tokenEndpoint: "https://user@auth.example/" },
      /`tokenEndpoint` is no .* without user name/,
    ],
    ["an issuer with a password", { issuer: "https://:p@auth.example/" }, /`issuer`/],
    ["a header that is none", { header: "x token" }, /`header`/],
    ["a header without a name", { header: "" }, /`header`/],
    ["an early expiry below 0", { earlyExpiry: -1 }, /`earlyExpiry`/],
    ["an early expiry that is no number", { earlyExpiry: Number.NaN }, /`earlyExpiry`/],
    ["a back-off below 0", { backOff: -1 }, /`backOff`/],
    ["the path of a store", { store: "/tmp/tokens.json" }, /`store` is no store, such as `fileStore\(path\)` makes/],
    ["what a store is made of", { store: new Map() }, /`store` is no store/],
    ["an origin that is none", { origins: ["api.example"] }, /origins\[0\]/],
    ["a list of origins that is none", { origins: "https://api.example" }, /`origins` is a list/],
  ])("%s is refused at once", (_, options, message) => {
    expect(() => clientCredentials({ ...OPTIONS, ...options } as never)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it("are read once: what is changed later changes nothing", async () => {
    const server = serving();
    const options = { ...OPTIONS, scope: ["read"] };
    const authFetch = clientCredentials(options)(server);
    options.scope.push("write");
    options.clientSecret = "another";
    await authFetch(API);
    expect(server.forms.map(String)).toEqual(["scope=read&grant_type=client_credentials"]);
    expect(server.tokenRequests[0]?.headers.get("authorization")).toBe(`Basic ${btoa("app:s3cret")}`);
  });

  it("may be the longest time limit that a timer counts to, which is no short one", async () => {
    expect((await clientCredentials({ ...OPTIONS, timeLimit: 2 ** 31 - 1 })(serving())(API)).status).toBe(200);
  });

  it.each([[[]], [""], [undefined]])(
    "name no scope with %j, and leave one in `parameters` (RFC 6749 §3.3)",
    async (scope) => {
      const server = serving();
      await clientCredentials({ ...OPTIONS, scope })(server)(API);
      await clientCredentials({ ...OPTIONS, scope, parameters: { scope: "read" } })(server)(API);
      expect(server.forms.map((form) => form.get("scope"))).toEqual([null, "read"]);
    },
  );

  it("make one scheme for any number of fetches, which share its tokens", async () => {
    const server = serving();
    const scheme = clientCredentials(OPTIONS);
    await scheme(server)(API);
    await scheme(server)(API);
    expect(server.forms).toHaveLength(1);
  });
});
