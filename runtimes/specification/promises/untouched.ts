import { defineScheme } from "@authflow/flow";
import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";
import { answering, header } from "../flows.ts";
import { recorder } from "../recorder.ts";

export const untouched: Chapter = {
  promise: "3. Nothing of the caller's is changed",
  cases: [
    {
      title: "neither a frozen init nor its headers",
      async run(at) {
        const url = await at.here({ status: 401 }, {});
        const headers = new Headers({ "x-caller": "1" });
        const init = Object.freeze({ method: "POST", headers, body: "b" });
        same((await answering(fetch)(url, init)).status, 200, "the response");
        same([...headers], [["x-caller", "1"]], "the headers afterwards");
        same((await at.seen()).at(-1)?.headers["authorization"], "Test answer", "what went out");
      },
    },
    {
      title: "nor a Request, whose body is used as fetch uses it",
      async run(at) {
        const url = await at.here({ status: 401 }, {});
        const request = new Request(url, { method: "POST", headers: { "x-caller": "1" }, body: "b" });
        await answering(fetch)(request);
        same([request.headers.has("authorization"), request.bodyUsed], [false, true], "the Request afterwards");
        same(
          (await at.seen()).map(({ text }) => text),
          ["b", "b"],
          "the bodies",
        );
      },
    },
    {
      title: "what init says besides reaches the fetch inside, and so do further arguments",
      async run() {
        const { next, calls } = recorder(401);
        const dispatcher = {};
        const init: RequestInit & { dispatcher: object; cf: string } = { dispatcher, cf: "x" };
        await answering(next)("https://a.test/", init, "third");
        same(
          calls.map(({ init: given, rest }) => [given["dispatcher"] === dispatcher, given["cf"], ...rest]),
          [
            [true, "x", "third"],
            [true, "x", "third"],
          ],
          "the calls",
        );
      },
    },
    {
      title: "URLs that are not http pass through, and relative ones are passed on as they are",
      async run() {
        const { next, calls } = recorder();
        const init = {};
        await header("x-key", "1")(next)("data:,hello", init);
        same([calls[0]?.input, calls[0]?.init === init], ["data:,hello", true], "the call for data:");

        const relative = defineScheme((request) => request);
        const { location } = globalThis as { location?: { href?: string } };
        if (location?.href?.startsWith("http")) {
          await relative(next)("/relative");
          same(calls[1]?.input, "/relative", "the relative call, where there is a page");
        }
      },
    },
  ],
};
