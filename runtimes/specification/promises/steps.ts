import { defineScheme, exchangesOf, historyOf, runFlow, runFlowSync } from "@authflow/flow";
import type { Chapter } from "../case.ts";
import { codeOf, same, thrownBy } from "../expect.ts";
import { answering } from "../flows.ts";

export const steps: Chapter = {
  promise: "1. Steps",
  cases: [
    {
      title: "a flow yields as many requests as it needs, and the caller gets the last response",
      async run(at) {
        const url = await at.here({ status: 401, body: "one" }, { status: 401, body: "two" }, { body: "three" });
        const counting = defineScheme({
          name: "counting",
          *authFlow(request) {
            for (const step of ["1", "2", "3"]) {
              request.headers.set("x-step", step);
              yield request;
            }
          },
        });
        const response = await counting(fetch)(url);
        same([response.status, await response.text()], [200, "three"], "the response");
        const seen = await at.seen();
        same(
          seen.map(({ headers }) => headers["x-step"]),
          ["1", "2", "3"],
          "the requests",
        );
      },
    },
    {
      title: "a request that is derived from the call's own is the call's own, with its body, also at another URL",
      async run(at) {
        const [first, second] = [await at.here({ status: 401 }), await at.here()];
        const moving = defineScheme({
          name: "moving",
          *authFlow(request) {
            yield new Request(request, { headers: { "x-step": "1" } });
            yield new Request(second, request);
          },
        });
        const response = await moving(fetch)(first, { method: "POST", body: "the body" });
        same(response.status, 200, "the response");
        const seen = await at.seen();
        same(
          seen.map(({ method, text, target }) => [method, text, target]),
          [
            ["POST", "the body", new URL(first).pathname],
            ["POST", "the body", new URL(second).pathname],
          ],
          "the requests",
        );
        same(historyOf(response).length, 1, "the history");
      },
    },
    {
      title: "a fresh Request for the same URL is the call's own, with the body that it carries",
      async run(at) {
        const url = await at.here();
        const replacing = defineScheme({
          name: "replacing",
          *authFlow(request) {
            yield new Request(request.url, { method: "PUT", body: "another body" });
          },
        });
        const response = await replacing(fetch)(url, { method: "POST", body: "the body" });
        const [seen] = await at.seen();
        same([seen?.method, seen?.text], ["PUT", "another body"], "the request");
        same(exchangesOf(response)[0]?.side, false, "whether it is a side request");
      },
    },
    {
      title: "any other request is the scheme's own: marked, and no part of the call's history",
      async run(at) {
        const [url, tokens] = [await at.here(), await at.elsewhere({ body: "t1" })];
        const asking = defineScheme({
          name: "asking",
          async *authFlow(request) {
            const response = yield new Request(tokens);
            request.headers.set("x-token", await response.text());
            yield request;
          },
        });
        const response = await asking(fetch)(url);
        same(
          exchangesOf(response).map(({ side }) => side),
          [true, false],
          "the exchanges",
        );
        same(historyOf(response).length, 0, "the history");
        same((await at.seen()).at(-1)?.headers["x-token"], "t1", "the token that went out");
      },
    },
    {
      title: "the Response that a flow returns is the caller's",
      async run(at) {
        const url = await at.here();
        const made = new Response("made by the flow");
        const making = defineScheme({
          name: "making",
          *authFlow(request) {
            yield request;
            return made;
          },
        });
        same((await making(fetch)(url)) === made, true, "whether it is the very object");
      },
    },
    {
      title: "a flow that yields nothing is ERR_AUTHFLOW_NO_REQUEST",
      async run(at) {
        const url = await at.here();
        const silent = defineScheme({ name: "silent", *authFlow() {} });
        await codeOf(silent(fetch)(url), "ERR_AUTHFLOW_NO_REQUEST");
        same((await at.seen()).length, 0, "the requests");
      },
    },
    {
      title: "the 21st request of a flow is ERR_AUTHFLOW_TOO_MANY_STEPS, and is not sent",
      async run(at) {
        const url = await at.here();
        const endless = defineScheme({
          name: "endless",
          *authFlow(request) {
            for (;;) yield request;
          },
        });
        await codeOf(endless(fetch)(url), "ERR_AUTHFLOW_TOO_MANY_STEPS");
        same((await at.seen()).length, 20, "the requests");
      },
    },
    {
      title: "what is no scheme is refused when a fetch is wrapped, not at a call",
      async run() {
        const error = await thrownBy(() => runFlow({ name: "" }, fetch));
        same((error as { code?: unknown }).code, "ERR_AUTHFLOW_INVALID_SCHEME", "the code");
      },
    },
    {
      title: "runFlowSync takes the same steps over a transport that blocks",
      run() {
        const taken: (string | null)[] = [];
        const response = runFlowSync(answering, new Request("https://a.test/"), (request) => {
          taken.push(request.headers.get("authorization"));
          return new Response(null, { status: taken.length < 2 ? 401 : 204 });
        });
        same([response.status, taken], [204, [null, "Test answer"]], "the response and the steps");
      },
    },
  ],
};
