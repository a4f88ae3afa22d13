// What a yielded request is to the call: its own, derived, fresh, or a side request.
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { wire } from "../fixtures/wire.ts";
import { exchangesOf, historyOf, isAuthError, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";
const ELSEWHERE = "https://login.example.net/token";

describe.each(flowKinds)("in a flow that is $kind,", ({ scheme }) => {
  const run = async (steps: Steps, next: ReturnType<typeof wire>["next"], init?: RequestInit): Promise<string> => {
    const response = await runFlow(scheme(steps), next)(CALL, init);
    return response.text();
  };

  describe("the request that the flow is given", () => {
    it("has the method, URL and headers of the call, and no body: that stays with the runner", async () => {
      const { next } = wire();
      const seen: unknown[] = [];

      await run(
        function* (request) {
          seen.push([request.method, request.url, request.headers.get("x-given"), request.body, request.redirect]);
          yield request;
        },
        next,
        { method: "PUT", body: "the body", headers: { "x-given": "1" } },
      );

      expect(seen).toEqual([["PUT", CALL, "1", null, "manual"]]);
    });

    it("is the call's own: it goes out with the call's body", async () => {
      const { next, lines } = wire();
      await run(
        function* (request) {
          yield request;
          yield request;
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`POST ${CALL} the body`, `POST ${CALL} the body`]);
    });
  });

  describe("a request that is derived from it", () => {
    it.each([
      { how: "with other headers", derive: (request: Request) => new Request(request, { headers: { "x-a": "1" } }) },
      { how: "as a clone", derive: (request: Request) => request.clone() },
      { how: "as a copy of a copy", derive: (request: Request) => new Request(new Request(request)) },
      { how: "from its URL, in its image", derive: (request: Request) => new Request(CALL, request) },
    ])("is the call's own, with the call's body: $how", async ({ derive }) => {
      const { next, sent, lines } = wire();

      const text = await run(
        function* (request) {
          yield request;
          yield derive(request);
        },
        next,
        { method: "POST", body: streamOf([new TextEncoder().encode("the body")]), duplex: "half" } as RequestInit,
      );

      expect(lines()).toEqual([`POST ${CALL} the body`, `POST ${CALL} the body`]);
      expect(text).toBe("answer 2");
      expect(sent[1]?.redirect).toBe("manual");
    });

    it("keeps the method that the flow gave it", async () => {
      const { next, lines } = wire();
      await run(
        function* (request) {
          yield new Request(request, { method: "PATCH" });
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`PATCH ${CALL} the body`]);
    });

    it("may go to another URL: the body goes along, and the caller gets the answer", async () => {
      const { next, lines } = wire();
      const text = await run(
        function* (request) {
          yield request;
          yield new Request("https://example.com/moved?signature=1", request);
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`POST ${CALL} the body`, "POST https://example.com/moved?signature=1 the body"]);
      expect(text).toBe("answer 2");
    });

    it("is sent with the body that the flow gave it instead", async () => {
      const { next, lines } = wire();
      await run(
        function* (request) {
          yield new Request(request, { method: "POST", body: "signed: the body" });
          yield request;
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`POST ${CALL} signed: the body`, `POST ${CALL} the body`]);
    });

    it("is of the caller's concern, so its redirects are followed", async () => {
      const { next, lines } = wire(() => new Response(null, { status: 302, headers: { location: "/there" } }));
      await run(function* (request) {
        yield new Request(request, { headers: { "x-a": "1" } });
      }, next);
      expect(lines()).toEqual([`GET ${CALL}`, "GET https://example.com/there"]);
    });
  });

  describe("a fresh Request for the same URL", () => {
    it("is the call's own, with the body that it carries, not the call's", async () => {
      const { next, lines, sent } = wire();

      const text = await run(
        function* (request) {
          yield new Request(request.url);
          yield new Request(request.url, { method: "POST", body: "its own", headers: { "x-fresh": "1" } });
        },
        next,
        { method: "POST", body: "the body", headers: { "x-given": "1" } },
      );

      expect(lines()).toEqual([`GET ${CALL}`, `POST ${CALL} its own`]);
      expect(sent[1]?.headers).toMatchObject({ "x-fresh": "1" });
      expect(sent[1]?.headers).not.toHaveProperty("x-given");
      expect(text).toBe("answer 2");
    });

    it("may be sent again, with its body", async () => {
      const { next, lines } = wire(() => new Response(null, { status: 307, headers: { location: "/there" } }));
      await run(function* (request) {
        yield new Request(request.url, upload(streamOf([new TextEncoder().encode("its own")])));
      }, next);
      expect(lines()[0]).toBe(`POST ${CALL} its own`);
    });

    it("is not marked as a side request, and its answer is the caller's", async () => {
      const { next } = wire();
      const response = await runFlow(
        scheme(function* (request) {
          yield new Request(request.url);
        }),
        next,
      )(CALL);
      expect(exchangesOf(response).map(({ side }) => side)).toEqual([false]);
    });
  });

  describe("any other request is a side request:", () => {
    it("it goes out as it is, with its own body, and without what is the call's", async () => {
      const { next, lines, sent } = wire();

      await run(
        function* (request) {
          yield new Request(ELSEWHERE, { method: "POST", body: "grant_type=refresh" });
          yield request;
        },
        next,
        { method: "PUT", body: "the body", headers: { "x-given": "1", authorization: "the caller's" } },
      );

      expect(lines()).toEqual([`POST ${ELSEWHERE} grant_type=refresh`, `PUT ${CALL} the body`]);
      expect(sent[0]?.headers).not.toHaveProperty("x-given");
      expect(sent[0]?.headers).not.toHaveProperty("authorization");
    });

    it("no redirect of it is followed: the flow sees the 302", async () => {
      const { next, lines, sent } = wire(() => new Response(null, { status: 302, headers: { location: "/else" } }));
      const statuses: number[] = [];

      await run(function* (request) {
        statuses.push((yield new Request(TOKEN)).status);
        yield request;
      }, next);

      expect(statuses).toEqual([302]);
      expect(lines()).toEqual([`GET ${TOKEN}`, `GET ${CALL}`]);
      expect(sent[0]?.redirect).toBe("manual");
    });

    it("it is marked in the history, and left out of historyOf", async () => {
      const { next } = wire();

      const response = await runFlow(
        scheme(function* (request) {
          yield new Request(TOKEN);
          yield request;
          yield new Request(ELSEWHERE);
          yield request;
        }),
        next,
      )(CALL);

      expect(exchangesOf(response).map(({ request, side }) => [request.url, side])).toEqual([
        [TOKEN, true],
        [CALL, false],
        [ELSEWHERE, true],
        [CALL, false],
      ]);
      expect(historyOf(response).map(({ request }) => request.url)).toEqual([CALL]);
    });

    it("its response is never the caller's, also where it is the last", async () => {
      const { next } = wire();
      const text = await run(function* (request) {
        yield request;
        yield new Request("https://example.com/logout");
      }, next);
      expect(text).toBe("answer 1");
    });

    it("alone it is no answer to the call: ERR_AUTHFLOW_NO_REQUEST", async () => {
      const { next } = wire();
      const error = await rejection(
        run(function* () {
          yield new Request(TOKEN);
        }, next),
      );
      expect(isAuthError(error, "ERR_AUTHFLOW_NO_REQUEST")).toBe(true);
      expect(error.message).toContain("yield request");
    });

    it("it may be any platform's Request", async () => {
      const { next, lines } = wire();
      const foreign = new undici.Request(TOKEN, { headers: { "x-a": "1" } }) as unknown as Request; // alike but in name
      await run(function* (request) {
        yield foreign;
        yield request;
      }, next);
      expect(lines()).toEqual([`GET ${TOKEN}`, `GET ${CALL}`]);
    });
  });
});
