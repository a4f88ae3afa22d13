// DESIGN promises 1, 5, 8, 9 and 11 against servers, layers and callers that mean no good, or are merely careless.
import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { rejection } from "../fixtures/outcome.ts";
import { type AuthScheme, defineScheme, exchangesOf, isAuthError, runFlow, runFlowSync } from "../index.ts";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly headers: Headers;
}

/** A fetch that gives one response after the other, and keeps what it was sent. */
function wire(...responses: readonly Response[]) {
  const sent: Sent[] = [];
  const next: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({ url: request.url, method: request.method, body: await request.text(), headers: request.headers });
    return responses[sent.length - 1] ?? new Response("ok");
  };
  return { next, sent };
}

const redirect = (location: string, status = 307): Response => new Response(null, { status, headers: { location } });
const token = (request: Request): Request => {
  request.headers.set("x-token", "T0ken");
  return request;
};
const POST = { method: "POST", body: "the caller's body" };

describe("a response to a scheme's own request", () => {
  it("is not followed for the call when the flow returns it", async () => {
    const { next, sent } = wire(new Response(), redirect("https://evil.test/collect"));
    const scheme = defineScheme({
      name: "side",
      *authFlow(request) {
        yield token(request);
        return yield new Request("https://id.test/login");
      },
    });
    const response = await scheme(next)("https://a.test/", POST);
    expect(response.status).toBe(307);
    expect(sent.map(({ url }) => url)).toEqual(["https://a.test/", "https://id.test/login"]);
  });
});

describe("a request of the scheme's own that asks for redirect: manual itself", () => {
  it("gets no body and no place of the call's, elsewhere or at the same origin", async () => {
    for (const url of ["https://id.test/token", "https://a.test/token"]) {
      const { next, sent } = wire(new Response("for the flow"), new Response("for the caller"));
      const scheme = defineScheme({
        name: "own",
        *authFlow(request) {
          yield new Request(url, { method: "POST", redirect: "manual" });
          yield request;
        },
      });
      const response = await scheme(next)("https://a.test/", POST);
      expect(sent.map(({ body }) => body)).toEqual(["", POST.body]);
      expect(await response.text()).toBe("for the caller");
      expect(exchangesOf(response).map(({ side }) => side)).toEqual([true, false]);
    }
  });
});

describe("a request made anew for the same URL without a body", () => {
  it.each<[string, (request: Request) => Request]>([
    ["derived with another redirect mode", (request) => new Request(request, { redirect: "error" })],
    ["rebuilt of its parts", ({ url, method, headers }) => new Request(url, { method, headers })],
  ])("goes out with the body of the call: %s", async (_, rebuild) => {
    const { next, sent } = wire();
    await defineScheme((request) => rebuild(request))(next)("https://a.test/", POST);
    expect(sent.map(({ body }) => body)).toEqual([POST.body]);
  });

  it("goes out without one when it became a HEAD", async () => {
    const { next, sent } = wire();
    const asHead = defineScheme((request) => new Request(request, { method: "HEAD" }));
    await asHead(next)("https://a.test/", POST);
    expect(sent.map(({ method, body }) => [method, body])).toEqual([["HEAD", ""]]);
  });
});

describe("a Location", () => {
  it("with thousands of queries inside each other is read, followed and shown", async () => {
    const { next, sent } = wire(redirect(`/x?${"a=?".repeat(5000)}`));
    const scheme = defineScheme((request) => new Request(`${request.url}?k=S3CRET`, request));
    const response = await scheme(next)("https://a.test/");
    expect(sent).toHaveLength(2);
    expect(exchangesOf(response).map(({ response: { status } = {} }) => status)).toEqual([307, 200]);
    expect(exchangesOf(response)[0]?.response?.headers.get("location")?.length).toBeGreaterThan(0);
  });

  it("is followed where a credential of the query has a name that no header may have", async () => {
    const { next, sent } = wire(redirect("https://b.test/"));
    const scheme = defineScheme((request) => new Request(`${request.url}?auth[token]=K`, request));
    await scheme(next)("https://a.test/");
    expect(sent.map(({ url }) => url)).toEqual(["https://a.test/?auth[token]=K", "https://b.test/"]);
  });

  it("takes no header of the caller's away for the name of a query pair", async () => {
    const { next, sent } = wire(redirect("https://b.test/"));
    const scheme = defineScheme((request) => new Request(`${request.url}?range=K`, request));
    await scheme(next)("https://a.test/", { headers: { range: "bytes=0-1" } });
    expect(sent.at(-1)?.headers.get("range")).toBe("bytes=0-1");
  });
});

describe("runFlowSync", () => {
  it("leaves the caller's own credentials behind when a flow sends the call elsewhere", () => {
    const seen: (string | null)[] = [];
    const scheme: AuthScheme = {
      name: "elsewhere",
      *authFlow(request) {
        yield new Request("https://b.test/", request);
      },
    };
    runFlowSync(
      scheme,
      new Request("https://a.test/", { headers: { authorization: "OWN", cookie: "c=1" } }),
      (request) => {
        seen.push(request.headers.get("authorization"), request.headers.get("cookie"));
        return new Response();
      },
    );
    expect(seen).toEqual([null, null]);
  });
});

describe("a call that is refused at once", () => {
  it("leaves no listener on the caller's signal", async () => {
    const { signal } = new AbortController();
    const locked = new ReadableStream();
    locked.getReader();
    const { next } = wire();
    const call = defineScheme(token)(next)("https://a.test/", {
      method: "POST",
      body: locked,
      duplex: "half",
      signal,
    } as RequestInit);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_BODY" });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it.each(["https://finley:pa55word@exa mple.test/", "ftp://finley:pa55word@a.test/"])(
    "does not repeat the password of a URL that fetch can't take: %#",
    async (url) => {
      const error = await rejection(defineScheme(token)(fetch)(url));
      expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_OPTION")).toBe(true);
      expect(String(error)).not.toContain("pa55word");
    },
  );

  it.each(["https://*.a.test", "https://a.test/only/here", "https://a.test?x", "https://u:p@a.test"])(
    "origins take no path, no wildcard and no credentials: %j",
    (origin) => {
      const scheme: AuthScheme = {
        name: "bound",
        origins: [origin],
        *authFlow(request) {
          yield request;
        },
      };
      expect(() => runFlow(scheme, fetch)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
    },
  );
});

describe("a body that its caller changes after the first send", () => {
  it.each([
    ["bytes", () => new TextEncoder().encode("original"), (body: Uint8Array) => body.fill(33)],
    ["URLSearchParams", () => new URLSearchParams("a=1"), (body: URLSearchParams) => body.set("a", "2")],
  ] as [string, () => BodyInit, (body: never) => void][])(
    "goes out for a redirect as it was: %s",
    async (_, make, spoil) => {
      const { next, sent } = wire(redirect("/y"));
      const body = make();
      const call = defineScheme({
        name: "once",
        sendsOnce: true,
        *authFlow(request) {
          yield token(request);
        },
      })(next)("https://a.test/x", { method: "POST", body });
      spoil(body as never);
      await call;
      expect(sent[1]?.body).toBe(sent[0]?.body);
    },
  );
});

describe("the history", () => {
  it("shows no credential of the query in a Link, and no password in a Location without a scheme", async () => {
    const headers = { link: "<https://a.test/?k=S3CRET&page=2>; rel=next", location: "//u:pa55@b.test/" };
    const { next } = wire(new Response(null, { headers }));
    const response = await defineScheme((request) => new Request(`${request.url}?k=S3CRET`, request))(next)(
      "https://a.test/",
    );
    const shown = JSON.stringify(exchangesOf(response));
    expect(shown).not.toContain("S3CRET");
    expect(shown).not.toContain("pa55");
  });
});
