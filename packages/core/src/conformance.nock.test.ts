// conformance/httpx-behaviours.json, area "auth-argument": each case by its id, over nock, so through the global fetch.
import { readFileSync } from "node:fs";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type AuthLike, createAuthFetch } from "./index.ts";

interface Case {
  readonly id: string;
  readonly area: string;
  readonly stance: "match" | "improve" | "decided otherwise" | "n/a-in-fetch";
}

// Our own file, whose format conformance/README.md describes.
const { cases } = JSON.parse(
  readFileSync(new URL("../../../conformance/httpx-behaviours.json", import.meta.url), "utf8"),
) as { cases: readonly Case[] };

const USER = ["user", "password123"] as const;
const USER_SENT = "Basic dXNlcjpwYXNzd29yZDEyMw==";
const WRONG = "not a tuple, not a callable" as unknown as AuthLike; // what a caller without types may give

/** Answers one request to an origin, and tells what its headers were. */
function serve(origin: string, answer: BodyInit = "ok"): Promise<Headers> {
  return new Promise((resolve) => {
    nock(origin)
      .get(/.*/)
      .reply((request: Request) => {
        resolve(request.headers);
        return [200, answer];
      });
  });
}

/** The Authorization header that a call to example.org sends, or null. */
async function sent(auth: AuthLike | undefined, url: string, init?: { auth?: AuthLike; headers?: HeadersInit }) {
  const { origin } = new URL(url);
  const headers = serve(origin);
  const response = await createAuthFetch({ auth })(url, init);
  expect(response.status).toBe(200);
  return (await headers).get("authorization");
}

const tests: Readonly<Record<string, readonly [title: string, run: () => Promise<void> | void]>> = {
  "arg-tuple": [
    "sends Basic for a pair, per request",
    async () => {
      expect(await sent(undefined, "https://example.org/", { auth: USER })).toBe(USER_SENT);
    },
  ],
  "arg-tuple-stream": [
    "authenticates a response whose body the caller streams",
    async () => {
      const headers = serve("https://example.org", "streamed");
      const response = await createAuthFetch({ auth: USER })("https://example.org/");
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body ?? []) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe("streamed");
      expect((await headers).get("authorization")).toBe(USER_SENT);
    },
  ],
  "arg-url-userinfo": [
    "sends the user name and password of the URL, which native fetch refuses",
    async () => {
      expect(() => new Request("https://user:password123@example.org/")).toThrow(TypeError);
      expect(await sent(undefined, "https://user:password123@example.org/")).toBe(USER_SENT);
    },
  ],
  "arg-client-default": [
    "sends the client's credentials where a request names none",
    async () => {
      expect(await sent(USER, "https://example.org/")).toBe(USER_SENT);
    },
  ],
  "arg-callable": [
    "sends what a function made of the request, once",
    async () => {
      const token = (request: Request): Request => {
        request.headers.set("authorization", "Token 123");
        return request;
      };
      expect(await sent(token, "https://example.org/")).toBe("Token 123");
    },
  ],
  "arg-callable-replaces-request": [
    "sends the other Request that a function returns",
    async () => {
      const headers = serve("https://other.example.org");
      const authFetch = createAuthFetch({
        auth: () => new Request("https://other.example.org/x", { headers: { "x-replaced": "yes" } }),
      });
      expect((await authFetch("https://example.org/")).status).toBe(200);
      expect((await headers).get("x-replaced")).toBe("yes");
    },
  ],
  "arg-none-disables": [
    "sends no credentials with null, which is not the same as not given",
    async () => {
      expect(await sent(USER, "https://example.org/", { auth: null })).toBe(null);
    },
  ],
  "arg-none-url-userinfo": [
    "(improved) sends none of the URL's with null, either",
    async () => {
      expect(await sent(["user", "pass"], "https://ua:pa@a.test/x", { auth: null })).toBe(null);
    },
  ],
  "arg-client-over-userinfo": [
    "prefers the client's credentials to those of the URL",
    async () => {
      expect(await sent(["user", "pass"], "https://ua:pa@a.test/x")).toBe("Basic dXNlcjpwYXNz");
    },
  ],
  "arg-auth-over-header": [
    "(decided) replaces an Authorization header by credentials that somebody named",
    async () => {
      const headers = { authorization: "Bearer t" };
      expect(await sent(["user", "pass"], "https://a.test/", { headers })).toBe("Basic dXNlcjpwYXNz");
      expect(await sent(null, "https://a.test/", { headers, auth: ["user", "pass"] })).toBe("Basic dXNlcjpwYXNz");
    },
  ],
  "arg-userinfo-over-header": [
    "(improved) keeps an Authorization header where credentials were only found in the URL",
    async () => {
      const headers = { authorization: "Bearer t" };
      expect(await sent(undefined, "https://ua:pa@a.test/x", { headers })).toBe("Bearer t");
    },
  ],
  "arg-userinfo-user-only": [
    "sends an empty password for a URL with a user name alone",
    async () => {
      expect(await sent(undefined, "https://ua@a.test/x")).toBe("Basic dWE6");
    },
  ],
  "arg-userinfo-pass-only": [
    "sends an empty user name for a URL with a password alone",
    async () => {
      expect(await sent(undefined, "https://:pa@a.test/x")).toBe("Basic OnBh");
    },
  ],
  "arg-userinfo-empty": [
    "sends nothing for a URL whose user name is empty",
    async () => {
      expect(await sent(undefined, "https://@example.org/")).toBe(null);
    },
  ],
  "arg-userinfo-pct-decoded": [
    "percent-decodes the credentials of a URL",
    async () => {
      expect(await sent(undefined, "https://username%40gmail.com:pa%20ssword@example.com")).toBe(
        "Basic dXNlcm5hbWVAZ21haWwuY29tOnBhIHNzd29yZA==",
      );
    },
  ],
  "arg-userinfo-host-header": [
    "leaves neither credentials nor the default port in Host",
    async () => {
      const headers = serve("http://example.org:80");
      await createAuthFetch()("http://username:password@example.org:80/echo_headers");
      expect((await headers).get("host")).toBe("example.org");
      expect((await headers).get("authorization")).toBe("Basic dXNlcm5hbWU6cGFzc3dvcmQ=");
    },
  ],
  "arg-userinfo-host-port": [
    "leaves another port in Host (not the case's 123, which fetch never calls)",
    async () => {
      const headers = serve("http://example.org:8123");
      await createAuthFetch()("http://username:password@example.org:8123/echo_headers");
      expect((await headers).get("host")).toBe("example.org:8123");
      expect((await headers).get("authorization")).toBe("Basic dXNlcm5hbWU6cGFzc3dvcmQ=");
    },
  ],
  "arg-setter": [
    "takes credentials by assignment, and then reads as a basic scheme",
    async () => {
      const headers = serve("https://example.org");
      const authFetch = createAuthFetch();
      expect(authFetch.auth).toBe(null);
      authFetch.auth = USER;
      expect(authFetch.auth?.name).toBe("basic");
      await authFetch("https://example.org/");
      expect((await headers).get("authorization")).toBe(USER_SENT);
    },
  ],
  "arg-invalid-ctor": [
    "refuses a wrong auth when the fetch is made",
    () => {
      expect(() => createAuthFetch({ auth: WRONG })).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_SCHEME" }),
      );
    },
  ],
  "arg-invalid-request": [
    "refuses a wrong auth of a request, before anything is sent",
    async () => {
      await expect(createAuthFetch()("https://example.org/", { auth: WRONG })).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_INVALID_SCHEME",
      });
    },
  ],
  "arg-invalid-setter": [
    "refuses a wrong auth on assignment, and keeps the one there was",
    () => {
      const authFetch = createAuthFetch({ auth: USER });
      const { auth } = authFetch;
      expect(() => {
        authFetch.auth = WRONG;
      }).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_SCHEME" }));
      expect(authFetch.auth).toBe(auth);
    },
  ],
  "arg-send-prebuilt": [
    "(decided) authenticates a Request that was made before, and leaves that as it was",
    async () => {
      const headers = serve("https://example.org");
      const request = new Request("https://example.org/");
      await createAuthFetch()(request, { auth: USER });
      expect((await headers).get("authorization")).toBe(USER_SENT);
      expect([...request.headers]).toEqual([]);
    },
  ],
};

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
});
afterAll(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});

describe("conformance/httpx-behaviours.json: auth-argument", () => {
  const ids = cases.filter(({ area }) => area === "auth-argument").map(({ id }) => id);

  test("has a test for each case, and no other", () => {
    expect(Object.keys(tests).toSorted()).toEqual(ids.toSorted());
  });

  test.each(Object.entries(tests).map(([id, [title, run]]) => ({ id, title, run })))("$id: $title", async ({ run }) => {
    await run();
  });
});
