// What an auth function returns is the call's own request.
import { describe, expect, it } from "vitest";
import { rejection } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { wire } from "../fixtures/wire.ts";
import { defineScheme, exchangesOf, isAuthError } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";

describe("a function as a scheme", () => {
  it("sends what it returns, once", async () => {
    const { next, sent } = wire(() => new Response("no", { status: 401 }));
    const signs = defineScheme((request: Request) => {
      request.headers.set("authorization", "Test credentials");
      return request;
    });

    const response = await signs(next)(CALL, { method: "POST", body: "the body" });

    expect(response.status).toBe(401);
    expect(sent.map(({ headers, body }) => [headers["authorization"], body])).toEqual([
      ["Test credentials", "the body"],
    ]);
  });

  it("may be asynchronous", async () => {
    const { next, sent } = wire();
    await defineScheme(async (request: Request) => {
      await Promise.resolve();
      return new Request(request, { headers: { authorization: "Test credentials" } });
    })(next)(CALL);
    expect(sent[0]?.headers).toMatchObject({ authorization: "Test credentials" });
  });

  it("makes what it returns the call's own with the body it carries, also where it goes elsewhere", async () => {
    const { next, lines } = wire();
    const proxied = defineScheme(() => new Request("https://proxy.example.net/", { method: "POST", body: "its own" }));

    const response = await proxied(next)(CALL);

    expect(lines()).toEqual(["POST https://proxy.example.net/ its own"]);
    expect(await response.text()).toBe("answer 1");
    expect(exchangesOf(response).map(({ side }) => side)).toEqual([false]);
  });

  it("that returns no Request is ERR_AUTHFLOW_INVALID_REQUEST, which says that it has to", async () => {
    const { next, sent } = wire();
    const forgets = defineScheme(((request: Request) => {
      request.headers.set("authorization", "Test credentials");
    }) as unknown as (request: Request) => Request);

    const error = await rejection(forgets(next)(CALL));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_REQUEST")).toBe(true);
    expect(error.message).toContain("an auth function returns it");
    expect(sent).toEqual([]);
  });

  it("whose promise rejects fails the call with that very error", async () => {
    const error = new Error("no token");
    const fails = defineScheme(() => Promise.reject(error));
    expect(await rejection(fails(wire().next)(CALL))).toBe(error);
  });
});
