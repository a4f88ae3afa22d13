import { defineScheme, type FetchMiddleware, type Scheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { type FlowStep, scriptedFetch, type ScriptedFetch, type ScriptStep, stepFlow, walk } from "./index.ts";

const scheme = defineScheme({
  name: "token",
  *authFlow(request) {
    yield request;
  },
});

test("a walk gives one request for each response, and perhaps one more", async () => {
  const { requests } = await walk(scheme, new Request("https://a.test/"), new Response(), new TypeError("lost"));
  expectTypeOf(requests).toEqualTypeOf<readonly [FlowStep, FlowStep, FlowStep?]>();
  const responses: Response[] = [];
  const walked = await walk(scheme, new Request("https://a.test/"), ...responses);
  expectTypeOf(walked.requests).toEqualTypeOf<readonly FlowStep[]>();
  expectTypeOf(walked.response).toEqualTypeOf<Response>();
});

test("a function that answers sees the request", async () => {
  await walk(scheme, new Request("https://a.test/"), ({ headers, side }) => {
    expectTypeOf(headers).toEqualTypeOf<Headers>();
    expectTypeOf(side).toEqualTypeOf<boolean>();
    return new Response();
  });
});

test("a function auth gets a Request, and a literal flow gets one, too", async () => {
  await walk((request) => {
    expectTypeOf(request).toEqualTypeOf<Request>();
    return request;
  }, new Request("https://a.test/"));
});

test("a fetch, and what makes schemes, are none", async () => {
  const made = ({ token }: { readonly token: string }): Scheme => defineScheme(() => new Request(token));
  // @ts-expect-error -- a fetch that a scheme wraps
  await walk(scheme(fetch), new Request("https://a.test/"));
  // @ts-expect-error -- it has to be called
  await stepFlow(made, new Request("https://a.test/"));
});

test("a scripted fetch is a fetch", () => {
  const fetch = scriptedFetch([]);
  expectTypeOf(fetch).toExtend<(input: string | URL | Request, init?: RequestInit) => Promise<Response>>();
  expectTypeOf(scheme(fetch)).toEqualTypeOf<ScriptedFetch>();
  expectTypeOf(scheme).toExtend<FetchMiddleware>();
});

test("steps that were read from a file need no members that are undefined", () => {
  const file = [{ expect: { authorization: null, headers: { "X-A": "1" } }, reply: { status: 200, body: "x" } }];
  expectTypeOf(file).toExtend<readonly ScriptStep[]>();
  // @ts-expect-error -- a step replies
  scriptedFetch([{ expect: {} }]);
  // @ts-expect-error -- no such part of a request
  scriptedFetch([{ expect: { verb: "GET" }, reply: {} }]);
});
