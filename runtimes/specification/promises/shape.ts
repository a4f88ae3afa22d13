import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";
import { answering, header } from "../flows.ts";
import { recorder } from "../recorder.ts";

export const shape: Chapter = {
  promise: "4. The caller's shape is kept",
  cases: [
    {
      title: "text and URLs go in as text and init, a Request as a Request",
      async run() {
        const { next, calls } = recorder();
        const keyed = header("x-key", "1")(next);
        await keyed("https://a.test/1");
        await keyed(new URL("https://a.test/2"));
        await keyed(new Request("https://a.test/3"));
        const [text, url, request] = calls.map(({ input }) => input);
        same([text, url], ["https://a.test/1", "https://a.test/2"], "the text and the URL");
        same([request instanceof Request, (request as Request).url], [true, "https://a.test/3"], "the Request");
        same(new Headers(calls[0]?.init.headers).get("x-key"), "1", "the header in init");
      },
    },
    {
      title: "the Response is the very object that the fetch inside gave",
      async run() {
        const { next, responses } = recorder(401);
        const response = await answering(next)("https://a.test/");
        same([responses.length, response === responses[1]], [2, true], "the responses");
      },
    },
    {
      title: "the caller's method reaches the fetch inside as it was written, and goes out as bare fetch sends it",
      async run(at) {
        const { next, calls } = recorder();
        await header("x-key", "1")(next)("https://a.test/", { method: "pATCH" });
        same(calls[0]?.init.method, "pATCH", "the method in init");

        const url = await at.here();
        for (const method of ["get", "Delete", "PATCH", "PROPFIND"]) {
          await (await fetch(url, { method })).text();
          await (await header("x-key", "1")(fetch)(url, { method })).text();
        }
        const seen = (await at.seen()).map(({ method }) => method);
        same(seen.length, 8, "the requests");
        const [bare, wrapped] = [0, 1].map((side) => seen.filter((_, index) => index % 2 === side));
        same(wrapped, bare, "the methods");
      },
    },
    {
      title: "a wrapped fetch keeps the members of the one inside",
      run() {
        const { next } = recorder();
        const wrapped = header("x-key", "1")(Object.assign(next, { preconnect: "as in Bun" }));
        same(wrapped.preconnect, "as in Bun", "the member");
      },
    },
  ],
};
