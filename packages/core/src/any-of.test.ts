import { readFileSync } from "node:fs";
import { basic } from "@authflow/basic";
import { digest } from "@authflow/digest";
import { type AuthScheme, defineScheme, runFlowSync } from "@authflow/flow";
import { type ScriptStep, scriptedFetch } from "@authflow/testing";
import { digestResponse, digestServer } from "@authflow/testing/server";
import { describe, expect, test } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { authorizations, type Call, recordingFetch } from "./fixtures/recording-fetch.ts";
import { anyOf, createAuthFetch, routes } from "./index.ts";

const URL_A = "https://a.example/x";
const USER = { username: "u", password: "p" };
const U_P = basicHeader("u", "p");
const BASIC = 'Basic realm="r"';
const DIGEST = 'Digest realm="r", nonce="n1", qop="auth"';
const UNKNOWN_DIGEST = 'Digest realm="r", nonce="n1", qop="auth", algorithm=SHA3-999';

const refusal = (...challenges: readonly string[]): Response =>
  new Response("who?", { status: 401, headers: challenges.map((value) => ["www-authenticate", value]) });

/** Answers one call after the other. */
const inTurn = (...responses: readonly Response[]): ReturnType<typeof recordingFetch> => {
  let turn = 0;
  return recordingFetch(() => responses[turn++] ?? new Response("ok"));
};

/** The word before the credentials of each call. */
const words = (calls: readonly Call[]): (string | undefined)[] =>
  authorizations(calls).map((authorization) => authorization?.split(" ", 1)[0]);

/** A scheme that answers a challenge of its name with a token, or sends it unasked. */
const tokenScheme = (name: string, { unasked = false, begun = [] as string[] } = {}): AuthScheme => ({
  name,
  *authFlow(request) {
    begun.push(name);
    const send = (): Request => {
      request.headers.set("authorization", `${name} t1`);
      return request;
    };
    const response: Response = yield unasked ? send() : request;
    if (!unasked && response.headers.get("www-authenticate")?.includes(name)) yield send();
  },
});

describe("anyOf", () => {
  test("answers with the first of its schemes that a server asks for, whatever the server's order", async () => {
    for (const challenges of [[BASIC, DIGEST], [DIGEST, BASIC], [`${BASIC}, ${DIGEST}`]]) {
      const { fetch, calls } = inTurn(refusal(...challenges));
      expect((await anyOf(digest(USER), basic(USER))(fetch)(URL_A)).status).toBe(200);
      expect(words(calls)).toEqual([undefined, "Digest"]);
    }
  });

  test("takes a function (request) => request, as createAuthFetch does", async () => {
    const { fetch, calls } = inTurn(refusal("Token", BASIC));
    const token = (request: Request): Request => {
      request.headers.set("authorization", "Token t1");
      return request;
    };
    expect((await anyOf(token, basic(USER))(fetch)(URL_A)).status).toBe(200);
    expect(authorizations(calls)).toEqual([null, "Token t1"]);
  });

  test("takes the order as it is given", async () => {
    const { fetch, calls } = inTurn(refusal(DIGEST, BASIC));
    await anyOf(basic(USER), digest(USER))(fetch)(URL_A);
    expect(words(calls)).toEqual([undefined, "Basic"]);
  });

  test("sends nothing that was not asked for", async () => {
    const { fetch, calls } = recordingFetch();
    await anyOf(digest(USER), basic(USER))(fetch)(URL_A);
    expect(authorizations(calls)).toEqual([null]);
  });

  test("passes over a challenge that its scheme can't answer, such as one of an unknown algorithm", async () => {
    const { fetch, calls } = inTurn(refusal(UNKNOWN_DIGEST, BASIC));
    await anyOf(digest(USER), basic(USER))(fetch)(URL_A);
    expect(authorizations(calls)).toEqual([null, U_P]);
  });

  test("gives back a 401 that none of its schemes can answer", async () => {
    for (const challenges of [["Negotiate"], [UNKNOWN_DIGEST], []]) {
      const { fetch, calls } = inTurn(refusal(...challenges));
      const response = await anyOf(digest(USER), basic(USER))(fetch)(URL_A);
      expect(response.status).toBe(401);
      expect(await response.text()).toBe("who?");
      expect(authorizations(calls)).toEqual([null]);
    }
  });

  test.each([403, 407, 200])("leaves a %i with a challenge as it is", async (status) => {
    const headers = { "www-authenticate": BASIC, "proxy-authenticate": BASIC };
    const { fetch, calls } = inTurn(new Response(null, { status, headers }));
    expect((await anyOf(basic(USER))(fetch)(URL_A)).status).toBe(status);
    expect(calls).toHaveLength(1);
  });

  test("begins no flow of a registered name that the server doesn't name", async () => {
    const begun: string[] = [];
    const { fetch, calls } = inTurn(refusal(BASIC));
    await anyOf(tokenScheme("bearer", { begun, unasked: true }), basic(USER))(fetch)(URL_A);
    expect(begun).toEqual([]);
    expect(authorizations(calls)).toEqual([null, U_P]);
  });

  test("asks a scheme with a name of its own, and takes off what it sends without being named", async () => {
    const key = defineScheme({
      name: "api key",
      *authFlow(request) {
        request.headers.set("x-api-key", "k1");
        yield request;
      },
    });
    const { fetch, calls } = inTurn(refusal(BASIC), new Response(), refusal("House"));
    const any = anyOf(key, tokenScheme("House"), basic(USER));
    await any(fetch)(URL_A);
    await any(fetch)("https://b.example/");
    expect(authorizations(calls)).toEqual([null, U_P, null, "House t1"]);
    expect(calls.map(({ headers }) => headers.get("x-api-key"))).toEqual([null, null, null, null]);
  });

  test("answers for the caller's own header, and not with the same one again", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC), new Response(), refusal(BASIC), new Response());
    await anyOf(basic(USER))(fetch)(URL_A, { headers: { authorization: "Bearer old" } });
    await anyOf(basic(USER))(fetch)(URL_A, { headers: { authorization: U_P } });
    expect(authorizations(calls)).toEqual(["Bearer old", U_P, U_P]);
  });

  test("sends a body again, and gives it to a scheme that signs it (RFC 7616 §3.4.3)", async () => {
    const bodies: unknown[] = [];
    const { fetch, calls } = recordingFetch(({ init }) => {
      bodies.push(init["body"]);
      return bodies.length === 1 ? refusal(DIGEST.replace("auth", "auth-int"), BASIC) : new Response("ok");
    });
    const any = anyOf(digest(USER), basic(USER));
    for (let call = 0; call < 2; call++) await any(fetch)(URL_A, { method: "POST", body: "content" });
    expect(bodies).toEqual(["content", "content", "content"]);
    expect(authorizations(calls)[2]).toMatch(/qop=auth-int, .*nc=00000002/);
  });

  test("keeps the body of the call unread for a scheme that asks for none", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC));
    const body = new Blob(["streamed"]).stream();
    const any = anyOf(digest(USER), basic(USER));
    await any(fetch)(URL_A, { method: "POST", body, duplex: "half" } as RequestInit);
    expect(calls[0]?.init["body"]).toBeInstanceOf(ReadableStream);
    expect(words(calls)).toEqual([undefined, "Basic"]);
  });

  test("leaves out a scheme that may not act at the origin", async () => {
    const { fetch, calls } = inTurn(refusal(DIGEST, BASIC));
    await anyOf(digest({ ...USER, origins: ["https://else.example"] }), basic(USER))(fetch)(URL_A);
    expect(authorizations(calls)).toEqual([null, U_P]);
  });

  test("answers no challenge after a redirect elsewhere", async () => {
    const { fetch, calls } = recordingFetch(({ url }) =>
      url === URL_A ? Response.redirect("https://b.example/", 307) : refusal(BASIC),
    );
    expect((await anyOf(basic(USER))(fetch)(URL_A)).status).toBe(401);
    expect(authorizations(calls)).toEqual([null, null]);
  });

  test("stands in routes and as auth", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC), new Response(), refusal(BASIC));
    await routes([{ match: "https://a.example", auth: anyOf(basic(USER)) }])(fetch)(URL_A);
    await createAuthFetch({ auth: anyOf(basic(USER)), fetch })(URL_A);
    expect(authorizations(calls)).toEqual([null, U_P, null, U_P]);
  });
});

describe("what is remembered", () => {
  test("lets the next request to the origin need no challenge", async () => {
    const { fetch, calls } = inTurn(refusal(DIGEST, BASIC));
    const any = anyOf(digest(USER), basic(USER));
    for (const url of [URL_A, URL_A, "https://a.example/y", "https://b.example/"]) await any(fetch)(url);
    expect(words(calls)).toEqual([undefined, "Digest", "Digest", "Digest", undefined]);
    expect(authorizations(calls)[3]).toContain("nc=00000003");
  });

  test("is nothing where the answer was refused", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC), refusal(BASIC));
    const any = anyOf(basic(USER));
    for (let call = 0; call < 2; call++) await any(fetch)(URL_A);
    expect(authorizations(calls)).toEqual([null, U_P, null]);
  });

  test("falls to no weaker scheme after a stronger one was used", async () => {
    const { fetch, calls } = inTurn(refusal(DIGEST), new Response(), refusal(BASIC), refusal(BASIC));
    const any = anyOf(digest(USER), basic(USER));
    const statuses: number[] = [];
    for (let call = 0; call < 3; call++) statuses.push((await any(fetch)(URL_A)).status);
    expect(statuses).toEqual([200, 401, 401]);
    expect(words(calls)).toEqual([undefined, "Digest", "Digest", "Digest"]);
  });

  test("falls to no weaker scheme after the answer to a stronger one was refused", async () => {
    const { fetch, calls } = inTurn(refusal(DIGEST, BASIC), refusal(DIGEST, BASIC), refusal(BASIC), refusal(BASIC));
    const any = anyOf(digest(USER), basic(USER));
    for (let call = 0; call < 3; call++) await any(fetch)(URL_A);
    expect(words(calls)).not.toContain("Basic");
  });

  test("rises to a stronger scheme that a server asks for later, and does not come back", async () => {
    const { fetch, calls } = inTurn(
      refusal(BASIC),
      new Response(),
      refusal(BASIC, DIGEST),
      new Response(),
      refusal(BASIC),
    );
    const any = anyOf(digest(USER), basic(USER));
    for (let call = 0; call < 3; call++) await any(fetch)(URL_A);
    expect(words(calls)).toEqual([undefined, "Basic", "Basic", "Digest", "Digest"]);
  });

  test("does not let a weaker scheme answer what it has in hand, where a stronger one is asked for, too", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC), new Response(), refusal(BASIC, DIGEST));
    const any = anyOf(digest(USER), basic({ ...USER, preemptive: false }));
    await any(fetch)("https://a.example/deep/x");
    await any(fetch)("https://a.example/other");
    expect(words(calls)).toEqual([undefined, "Basic", undefined, "Digest"]);
  });

  test("goes on with what it has, where the stronger challenge can't be answered", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC), new Response(), refusal(UNKNOWN_DIGEST, BASIC));
    const any = anyOf(digest(USER), basic({ ...USER, preemptive: false }));
    await any(fetch)("https://a.example/deep/x");
    expect((await any(fetch)("https://a.example/other")).status).toBe(200);
    expect(words(calls)).toEqual([undefined, "Basic", undefined, "Basic"]);
  });

  test("sends the same credentials not twice to the same challenge", async () => {
    const { fetch, calls } = inTurn(refusal(BASIC), new Response(), refusal(UNKNOWN_DIGEST, BASIC));
    const any = anyOf(digest(USER), basic(USER));
    await any(fetch)(URL_A);
    expect((await any(fetch)(URL_A)).status).toBe(401);
    expect(authorizations(calls)).toEqual([null, U_P, U_P]);
  });

  test("is bounded: of a thousand and one origins, the first is asked again", async () => {
    const { fetch, calls } = recordingFetch(({ headers }) =>
      headers.has("authorization") ? new Response("ok") : refusal(BASIC),
    );
    const any = anyOf(basic(USER))(fetch);
    for (let port = 0; port <= 1000; port++) await any(`https://a.example:${1000 + port}/`);
    const before = calls.length;
    await any("https://a.example:2000/");
    expect(calls).toHaveLength(before + 1);
    await any("https://a.example:1000/");
    expect(calls).toHaveLength(before + 3);
  });
});

describe("flows", () => {
  test("that wait are driven, and one that throws rejects the call", async () => {
    const later = {
      name: "later",
      async *authFlow(request: Request): AsyncGenerator<Request, void, Response> {
        const response = yield request;
        await Promise.resolve();
        if (response.headers.get("www-authenticate")?.includes("broken")) throw new Error("no token");
        request.headers.set("authorization", "Later 1");
        yield request;
      },
    };
    const { fetch, calls } = inTurn(refusal("Later"));
    await anyOf(later)(fetch)(URL_A);
    expect(authorizations(calls)).toEqual([null, "Later 1"]);
    await expect(anyOf(later)(inTurn(refusal("broken")).fetch)(URL_A)).rejects.toThrow("no token");
  });

  test("are told of an error of the transport, and are ended", async () => {
    const seen: string[] = [];
    const scheme: AuthScheme = {
      name: "recovering",
      *authFlow(request) {
        try {
          yield request;
          request.headers.set("authorization", "Recovering 1");
          try {
            yield request;
          } catch (error) {
            seen.push((error as Error).message);
            yield request;
          }
        } finally {
          seen.push("ended");
        }
      },
    };
    const { fetch, calls } = recordingFetch(() => {
      if (calls.length === 2) throw new Error("reset");
      return calls.length === 1 ? refusal("Recovering") : new Response("ok");
    });
    expect((await anyOf(scheme)(fetch)(URL_A)).status).toBe(200);
    expect(seen).toEqual(["reset", "ended"]);
    expect(calls).toHaveLength(3);
  });

  test("that can't answer are ended", async () => {
    let ended = 0;
    const scheme: AuthScheme = {
      name: "mute",
      *authFlow(request) {
        try {
          request.headers.set("x-key", "1");
          yield request;
        } finally {
          ended++;
        }
      },
    };
    const { fetch } = inTurn(refusal("Other"));
    await anyOf(scheme)(fetch)(URL_A);
    expect(ended).toBe(1);
  });

  test("that return a Response give it to the caller", async () => {
    const own = new Response("own");
    const scheme: AuthScheme = {
      name: "own",
      *authFlow(request) {
        yield request;
        request.headers.set("authorization", "Own 1");
        yield request;
        return own;
      },
    };
    expect(await anyOf(scheme)(inTurn(refusal("Own")).fetch)(URL_A)).toBe(own);
  });

  test("without I/O run over a transport that blocks, and others say that they can't", () => {
    const sent: (string | null)[] = [];
    const send = (request: Request): Response => {
      sent.push(request.headers.get("authorization"));
      return request.headers.has("authorization") ? new Response("ok") : refusal(BASIC);
    };
    expect(runFlowSync(anyOf(digest(USER), basic(USER)), new Request(URL_A), send).status).toBe(200);
    expect(sent).toEqual([null, U_P]);
    const later: AuthScheme = {
      name: "basic",
      async *authFlow(request) {
        yield request;
      },
    };
    expect(() => runFlowSync(anyOf(later), new Request(URL_A), send)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_FLOW_KIND",
        message: expect.stringContaining('"basic"') as unknown,
      }),
    );
  });
});

test("a real server that takes Digest gets two requests, then one for each call, also at once", async () => {
  await using server = await digestServer({ accounts: { u: "p" } });
  const authFetch = anyOf(digest(USER), basic(USER))(globalThis.fetch);
  for (let call = 0; call < 3; call++) expect((await authFetch(server.url("/a"))).status).toBe(200);
  expect(server.requests).toHaveLength(4);
  const burst = await Promise.all(Array.from({ length: 10 }, () => authFetch(server.url("/a"))));
  expect(burst.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(server.requests).toHaveLength(14);
});

test.each([
  ["none", [], "ERR_AUTHFLOW_INVALID_OPTION"],
  ["a pair", [["u", "p"]], "ERR_AUTHFLOW_INVALID_SCHEME"],
  ["null", [null], "ERR_AUTHFLOW_INVALID_SCHEME"],
])("refuses %s, at once", (_, schemes, code) => {
  expect(() => anyOf(...(schemes as unknown as AuthScheme[]))).toThrow(expect.objectContaining({ code }));
});

interface FlowCase {
  readonly id: string;
  readonly client: { readonly schemes?: readonly string[]; readonly username: string; readonly password: string };
  readonly calls: readonly { readonly method: string; readonly path: string }[];
  readonly server_steps: readonly ScriptStep[];
  readonly result: { readonly statuses: readonly number[]; readonly wire: number };
}

// Our own file, whose format conformance/README.md describes.
const { cases } = JSON.parse(readFileSync(new URL("../../../conformance/flows.json", import.meta.url), "utf8")) as {
  readonly cases: readonly FlowCase[];
};

describe("conformance/flows.json, of several schemes", () => {
  const several = cases.filter(({ client }) => client.schemes);

  test("has cases", () => expect(several.map(({ id }) => id)).toHaveLength(2));

  test.each(several)("$id", async ({ client, calls, server_steps: steps, result }) => {
    const { username, password, schemes = [] } = client;
    const fetch = scriptedFetch(steps, {
      verify: ({ method }, { params }) => {
        const { response, algorithm = "MD5", realm = "", nonce = "", uri = "", ...rest } = Object.fromEntries(params);
        return response === digestResponse({ ...rest, algorithm, username, password, realm, nonce, method, uri });
      },
    });
    const made = schemes.map((name) =>
      name === "digest" ? digest({ username, password }) : basic({ username, password }),
    );
    const authFetch = anyOf(...made)(fetch);
    const statuses: number[] = [];
    for (const { method, path } of calls)
      statuses.push((await authFetch(`https://a.example${path}`, { method })).status);
    fetch.done();
    expect(statuses).toEqual(result.statuses);
    expect(fetch.calls).toHaveLength(result.wire);
  });
});
