// A stable code, a sentence that says what happened and what to do, no secret, recognisable across copies.
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { rejection, thrown } from "./fixtures/outcome.ts";
import { streamOf, upload } from "./fixtures/streams.ts";
import * as errors from "./errors.ts";
import {
  AuthError,
  type AuthScheme,
  AuthVerificationError,
  type Fetch,
  InsecureTransportError,
  InvalidCredentialsError,
  isAuthError,
  runFlow,
  runFlowSync,
} from "./index.ts";

/** What stands in each call below, wherever a caller has a secret: none of it may stand in an error. */
const SECRET = "s3cr3t";
const PASSWORD = "pa55word";
const SECRETS = /s3cr3t|pa55word|finley/i;
const URL_WITH_SECRETS = `https://finley:${PASSWORD}@example.com/path?api_key=${SECRET}&page=2#access_token=${SECRET}`;
const SHOWN = "https://example.com/path?api_key=[redacted]&page=2";

const ok: Fetch = async () => new Response("ok");
const answering =
  (status: number, headers: HeadersInit = {}, body: BodyInit | null = "body"): Fetch =>
  async (_, init) => {
    if (init?.body) await new Response(init.body).arrayBuffer();
    return new Response(body, { status, headers });
  };

/** Sets credentials, and yields what the steps say. */
function scheme(authFlow: AuthScheme["syncAuthFlow"], more: Partial<AuthScheme> = {}): AuthScheme {
  return {
    name: "test",
    async *authFlow(request, context) {
      request.headers.set("authorization", `Basic ${SECRET}`);
      request.headers.set("x-api-key", SECRET);
      const flow = authFlow?.(request, context);
      if (flow) yield* flow;
    },
    ...more,
  };
}
const plain = scheme(function* (request) {
  yield request;
});
const twice = scheme(function* (request) {
  yield request;
  yield request;
});
const call = (
  flow: AuthScheme,
  next: Fetch,
  init?: RequestInit,
  options?: Parameters<typeof runFlow>[2],
): Promise<Error> => rejection(runFlow(flow, next, options)(URL_WITH_SECRETS, init));

interface Case {
  readonly when: string;
  /** What the message tells to do. */
  readonly advice: string;
  readonly provoke: () => Error | Promise<Error>;
}

/** Those that schemes throw, which know no credentials but their own, say nothing of the query. */
const WITHOUT_QUERY = new Set(["InsecureTransportError", "AuthVerificationError"]);

type ErrorName = Exclude<keyof typeof errors, "AuthError" | "isAuthError">;

const table: Readonly<Record<ErrorName, readonly Case[]>> = {
  AuthVerificationError: [
    {
      when: "a server does not prove that it knows the secret, too",
      advice: "Don't trust the response.",
      provoke: () =>
        call(
          scheme(function* (request) {
            throw new AuthVerificationError("no rspauth", request.url, yield request);
          }),
          ok,
        ),
    },
  ],
  BodyNotReplayableError: [
    {
      when: "a stream that is past replayLimit is wanted again",
      advice: "Raise replayLimit, or give the body as a function that makes it: body: () => stream.",
      provoke: () =>
        call(twice, answering(401), upload(streamOf([new TextEncoder().encode(SECRET)])), { replayLimit: 1 }),
    },
    {
      when: "a 307 wants it again",
      advice: "Raise replayLimit",
      provoke: () =>
        call(plain, answering(307, { location: `/there?token=${SECRET}` }), upload(streamOf([new Uint8Array(9)])), {
          replayLimit: 1,
        }),
    },
  ],
  ContentNotReadError: [
    {
      when: "a flow touches request.content",
      advice: "Set requiresRequestBody on the scheme",
      provoke: () =>
        call(
          scheme((request) => void (request as { content?: unknown }).content as never),
          ok,
          upload(SECRET),
        ),
    },
    {
      when: "a flow touches response.content",
      advice: "Set requiresResponseBody on the scheme",
      provoke: () =>
        call(
          scheme(function* (request) {
            void (yield request).content;
          }),
          ok,
        ),
    },
  ],
  ContentTooLargeError: [
    {
      when: "the call's body is over contentLimit",
      advice: "Raise contentLimit.",
      provoke: () => call({ ...plain, requiresRequestBody: true }, ok, upload(SECRET), { contentLimit: 2 }),
    },
    {
      when: "a response is over contentLimit",
      advice: "Raise contentLimit",
      provoke: () =>
        call({ ...plain, requiresResponseBody: true }, answering(200, {}, SECRET), {}, { contentLimit: 2 }),
    },
  ],
  FlowKindError: [
    {
      when: "runFlow is given a scheme of the other side",
      advice: "Use it with runFlowSync, or give it an authFlow or asyncAuthFlow.",
      provoke: () =>
        call(
          {
            name: "test",
            *syncAuthFlow(request) {
              yield request;
            },
          },
          ok,
        ),
    },
    {
      when: "runFlowSync is given a scheme of the other side",
      advice: "Use it with runFlow, or give it a syncAuthFlow.",
      provoke: () => thrown(() => runFlowSync(plain, new Request(SHOWN), () => new Response())),
    },
  ],
  InsecureTransportError: [
    {
      when: "a scheme demands https",
      advice: "Use https, or leave requireHttps off for this host.",
      provoke: () =>
        call(
          scheme((request) => {
            const { host, pathname } = new URL(request.url);
            throw new InsecureTransportError("test", `http://${host}${pathname}`);
          }),
          ok,
        ),
    },
  ],
  InvalidBodyError: [
    {
      when: "the stream is locked",
      advice: "body: () => stream",
      provoke: () => {
        const stream = streamOf([new Uint8Array(1)]);
        stream.getReader();
        return call(plain, ok, upload(stream));
      },
    },
    {
      when: "the body of the Request was read",
      advice: "Make a new Request, or clone() it before it is used.",
      provoke: async () => {
        const request = new Request(SHOWN, { method: "POST", body: SECRET });
        await request.text();
        return rejection(runFlow(plain, ok)(request));
      },
    },
    {
      when: "the stream gives no bytes",
      advice: "It has to give bytes, as Uint8Array.",
      provoke: () => call(plain, answering(200), upload(streamOf([SECRET]))),
    },
    {
      when: "runFlowSync is given a Request with a body",
      advice: "pass it as { content }",
      provoke: () => {
        const request = new Request(SHOWN, { method: "POST", body: SECRET });
        return thrown(() => runFlowSync(plain, request, () => new Response()));
      },
    },
  ],
  InvalidCredentialsError: [
    {
      when: "a scheme has credentials that can't be sent",
      advice: "Take the control character out of it.",
      provoke: () =>
        call(
          scheme(() => {
            throw new InvalidCredentialsError(
              "The password has a control character. Take the control character out of it.",
            );
          }),
          ok,
        ),
    },
  ],
  InvalidOptionError: [
    {
      when: "replayLimit is no number of bytes",
      advice: "replayLimit has to be a number of bytes, 0 or more.",
      provoke: () => thrown(() => runFlow(plain, ok, { replayLimit: -1 })),
    },
    {
      when: "contentLimit is no number of bytes",
      advice: "contentLimit has to be a number of bytes, 0 or more.",
      provoke: () => thrown(() => runFlow(plain, ok, { contentLimit: NaN })),
    },
    {
      when: "onExchange is no function",
      advice: "onExchange has to be a function",
      provoke: () => thrown(() => runFlow(plain, ok, { onExchange: {} as () => void })),
    },
    {
      when: "next is no function",
      advice: "Call it as test(fetch).",
      provoke: () => thrown(() => runFlow(plain, undefined as unknown as Fetch)),
    },
    {
      when: "an origin has no scheme",
      advice: 'Give it whole, such as "https://api.example.com"',
      provoke: () => thrown(() => runFlow({ ...plain, origins: ["example.com"] }, ok)),
    },
    {
      when: "an origin with a password in it has another scheme",
      advice: "Give it whole",
      provoke: () => thrown(() => runFlow({ ...plain, origins: [`ftp://finley:${PASSWORD}@example.com`] }, ok)),
    },
  ],
  InvalidRequestError: [
    {
      when: "a flow yields something else",
      advice: "Yield the request itself; an auth function returns it.",
      provoke: () =>
        call(
          scheme(function* () {
            yield SECRET as unknown as Request;
          }),
          ok,
        ),
    },
  ],
  InvalidResponseError: [
    {
      when: "the fetch inside gives something else",
      advice: "A mock has to give a Response, a middleware has to return what its next gives.",
      provoke: () => call(plain, async () => SECRET as unknown as Response),
    },
    {
      when: "a transport that blocks gives no content",
      advice: "Let the transport give it: Object.assign(response, { content: bytes }).",
      provoke: () => {
        const reads: AuthScheme = {
          name: "test",
          requiresResponseBody: true,
          *authFlow(request) {
            yield request;
          },
        };
        return thrown(() => runFlowSync(reads, new Request(SHOWN), () => new Response(SECRET)));
      },
    },
  ],
  InvalidSchemeError: [
    {
      when: "it is null",
      advice: "A scheme is an object with a `name` and an `authFlow` generator",
      provoke: () => thrown(() => runFlow(null as unknown as AuthScheme, ok)),
    },
    {
      when: "it is a password",
      advice: "A scheme is an object",
      provoke: () => thrown(() => runFlow(SECRET as unknown as AuthScheme, ok)),
    },
    {
      when: "it has no name",
      advice: "A scheme is an object with a `name`",
      provoke: () => thrown(() => runFlow({ password: SECRET } as unknown as AuthScheme, ok)),
    },
    {
      when: "it has no flow",
      advice: "and an `authFlow` generator",
      provoke: () => thrown(() => runFlow({ name: "test" }, ok)),
    },
    {
      when: "its scope is none",
      advice: 'neither "call" nor "origin"',
      provoke: () => thrown(() => runFlow({ ...plain, scope: SECRET as "call" }, ok)),
    },
    {
      when: "its flow is no generator",
      advice: "write it as `*authFlow(request)`",
      provoke: () => call({ name: "test", authFlow: (() => SECRET) as unknown as never }, ok),
    },
  ],
  NoRequestError: [
    {
      when: "a flow yields nothing",
      advice: "Let it `yield request` at least once, or return a Response.",
      provoke: () =>
        call(
          scheme(function* () {}),
          ok,
        ),
    },
  ],
  RedirectHiddenError: [
    {
      when: "a runtime hides the redirect of a POST",
      advice: "Later calls leave redirects to the runtime; send this one again if that is safe.",
      provoke: async () => {
        vi.resetModules(); // what was seen of the runtime is remembered
        const copy = await import("./index.ts");
        const opaque: Fetch = async () =>
          Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
        return rejection(copy.runFlow(plain, opaque)(URL_WITH_SECRETS, { method: "POST", body: SECRET }));
      },
    },
  ],
  RedirectTargetError: [
    {
      when: "a redirect leads to another scheme",
      advice: 'redirect: "manual" gives it to you as it is',
      provoke: () => call(plain, answering(302, { location: `ftp://finley:${PASSWORD}@example.com/${SECRET}` })),
    },
    {
      when: "a redirect leads to what is no URL",
      advice: "The redirect is in error.response",
      provoke: () => call(plain, answering(302, { location: `https://[?api_key=${SECRET}` })),
    },
  ],
  TooManyRedirectsError: [
    {
      when: "a server redirects for ever",
      advice: 'Look for a loop on the server, or take them yourself with redirect: "manual".',
      provoke: () => call(plain, answering(302, { location: `/path?api_key=${SECRET}&page=2` })),
    },
  ],
  TooManyStepsError: [
    {
      when: "a flow yields for ever",
      advice: "Answer a challenge once, then return",
      provoke: () =>
        call(
          scheme(function* (request) {
            for (;;) yield request;
          }),
          ok,
        ),
    },
  ],
};

const names = Object.entries(errors)
  .filter(([, value]) => typeof value === "function" && value.prototype instanceof AuthError)
  .map(([name]) => name as ErrorName);

/** The code that belongs to a class: `ERR_AUTHFLOW_NO_REQUEST` for `NoRequestError`. */
function codeOf(name: string): string {
  return `ERR_AUTHFLOW_${name
    .replace(/Error$/, "")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_")
    .toUpperCase()}`;
}

it("every error class has a case of its own below", () => {
  expect(Object.keys(table).toSorted()).toEqual(names.toSorted());
});

describe.each(names)("%s", (name) => {
  it.each(table[name])("happens when $when; it says what to do, and has its code", async ({ provoke, advice }) => {
    const error = await provoke();

    expect(error.name).toBe(name);
    expect(isAuthError(error, codeOf(name))).toBe(true);
    expect(error.message).toContain(advice);
    expect(error.message).toMatch(/^\S.*\.$/s);
    expect(error.stack).toContain(`${name}: ${error.message}`);
  });

  it.each(table[name])("holds no secret when $when, in its message, when inspected, as JSON", async ({ provoke }) => {
    const error = await provoke();
    const { url, stack } = error as AuthError;

    for (const text of [
      error.message,
      String(error),
      stack,
      inspect(error, { depth: Infinity }),
      JSON.stringify(error),
    ]) {
      expect(text).not.toMatch(SECRETS);
    }
    if (url !== undefined && !WITHOUT_QUERY.has(name)) expect(url).toBe(SHOWN);
  });
});

describe("AuthError", () => {
  it("is recognised across copies of the package, by a brand and not by its class", async () => {
    vi.resetModules();
    const copy = await import("./index.ts");
    const theirs = new copy.NoRequestError("test");

    expect(theirs instanceof AuthError).toBe(false);
    expect(isAuthError(theirs)).toBe(true);
    expect(isAuthError(theirs, "ERR_AUTHFLOW_NO_REQUEST")).toBe(true);
    expect(isAuthError(theirs, "ERR_AUTHFLOW_FLOW_KIND")).toBe(false);
  });

  it.each([undefined, null, "ERR_AUTHFLOW_NO_REQUEST", {}, new Error("no"), { code: "ERR_AUTHFLOW_NO_REQUEST" }])(
    "is not seen in what is none: %s",
    (value) => {
      expect(isAuthError(value)).toBe(false);
      expect(isAuthError(value, "ERR_AUTHFLOW_NO_REQUEST")).toBe(false);
    },
  );

  it("is an Error, with the cause, the URL and the response that it was given, and no others", () => {
    const cause = new TypeError("fetch failed");
    const response = new Response();
    const error = new AuthError("ERR_AUTHFLOW_EXAMPLE", "It happened. Carry on.", { cause, url: SHOWN, response });
    const bare = new AuthError("ERR_AUTHFLOW_EXAMPLE", "It happened. Carry on.");

    expect(error).toBeInstanceOf(Error);
    expect([error.cause, error.url, error.response]).toEqual([cause, SHOWN, response]);
    expect(error.response).toBe(response);
    for (const member of ["cause", "url", "response"]) expect(member in bare).toBe(false);
  });

  it("shows no response to a log: its headers may hold a cookie", () => {
    const response = new Response(null, { headers: { "set-cookie": `session=${SECRET}` } });
    const error = new AuthError("ERR_AUTHFLOW_EXAMPLE", "It happened. Carry on.", { response });

    expect(inspect(error)).not.toContain(SECRET);
    expect(Object.keys(error)).not.toContain("response");
    expect(JSON.stringify(error)).not.toContain(SECRET);
  });

  it("carries a cause that is undefined where one was given", () => {
    expect("cause" in new AuthError("ERR_AUTHFLOW_EXAMPLE", "It happened. Carry on.", { cause: undefined })).toBe(true);
  });

  it("may be extended by the errors of a scheme", () => {
    class TokenError extends AuthError {
      constructor() {
        super("ERR_AUTHFLOW_TOKEN", "There is no token. Log in.");
      }
      override get name(): string {
        return "TokenError";
      }
    }
    const error = new TokenError();
    expect(isAuthError(error, "ERR_AUTHFLOW_TOKEN")).toBe(true);
    expect(String(error)).toBe("TokenError: There is no token. Log in.");
  });
});
