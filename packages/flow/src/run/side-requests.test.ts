// A request of a scheme's own goes through the schemes inside of it, as the call's own request does, and through none outside.
import { describe, expect, it } from "vitest";
import { type AuthScheme, defineScheme, exchangesOf, runFlow, type Scheme } from "../index.ts";

/** A scheme that leaves its name in a header. */
function signs(name: string): Scheme {
  return defineScheme({
    name,
    *authFlow(request) {
      request.headers.set(`x-${name}`, "1");
      yield request;
    },
  });
}

const asks: readonly (readonly [how: string, scheme: AuthScheme])[] = [
  [
    "sent by context.send",
    {
      name: "asks",
      async *asyncAuthFlow(request, { send }) {
        await send(new Request("https://example.com/token"));
        yield request;
      },
    },
  ],
  [
    "yielded",
    {
      name: "asks",
      *authFlow(request) {
        yield new Request("https://example.com/token");
        yield request;
      },
    },
  ],
];

describe.each(asks)("a side request that is %s", (_, scheme) => {
  it("is seen by every scheme inside, and by none outside", async () => {
    const seen: string[] = [];
    const next = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const request = new Request(url, init);
      const names = ["outside", "between", "innermost"].filter((name) => request.headers.has(`x-${name}`));
      seen.push(`${new URL(request.url).pathname} ${names.join(" ")}`);
      return new Response("welcome");
    };
    const inside = runFlow(signs("between"), runFlow(signs("innermost"), next));

    const response = await runFlow(signs("outside"), runFlow(scheme, inside))("https://example.com/");

    expect(seen).toEqual(["/token between innermost", "/ outside between innermost"]);
    expect(exchangesOf(response).map(({ side }) => side)).toEqual([true, false]);
  });
});
