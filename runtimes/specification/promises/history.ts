import { type Exchange, exchangesOf, historyOf } from "@authflow/flow";
import type { Chapter } from "../case.ts";
import { failureOf, holds, same } from "../expect.ts";
import { answering, header } from "../flows.ts";

const written = ({ request, response, dropped }: Exchange): unknown[] => [
  request.method,
  request.headers.get("authorization"),
  response?.status,
  ...dropped,
];

export const history: Chapter = {
  promise: "7. History",
  cases: [
    {
      title: "tells every exchange in the order of the wire, outer and inner, with credentials redacted",
      async run(at) {
        const url = await at.here({ status: 401, headers: { "X-Reply": "1" } }, {});
        const seen: Exchange[] = [];
        const both = header("x-api-key", "s3cr3t")(answering(fetch, { onExchange: (exchange) => seen.push(exchange) }));
        const response = await both(url, { method: "POST", body: "b" });
        same(
          exchangesOf(response).map((exchange) => written(exchange)),
          [
            ["POST", null, 401],
            ["POST", "[redacted]", 200],
          ],
          "the exchanges",
        );
        same([historyOf(response).length, seen.length], [1, 2], "the history, and what onExchange saw");
        const [first] = historyOf(response);
        same(
          [first?.request.url, first?.request.headers.get("x-api-key"), first?.response?.headers.get("x-reply")],
          [url, "[redacted]", "1"],
          "the first exchange",
        );
        holds((first?.duration ?? -1) >= 0, "it has a duration");
      },
    },
    {
      title: "an error carries that of its call",
      async run(at) {
        const url = await at.here({ status: 401 }, { fault: "reset" });
        const error = await failureOf(answering(fetch)(url, { method: "POST", body: "b" }));
        const [first, second] = exchangesOf(error);
        same([first?.response?.status, second?.response], [401, undefined], "the exchanges");
        holds(second?.error !== undefined, "the last one has the error of the transport");
      },
    },
    {
      title: "points out an Authorization header that a wrapper inside took off again",
      async run(at) {
        const innermost = header("x-inner", "1")(fetch);
        const dropping: typeof fetch = (input, init) => {
          const headers = new Headers(init?.headers);
          headers.delete("authorization");
          return innermost(input, { ...init, headers });
        };
        const response = await header("authorization", "Test 1")(dropping)(await at.here());
        same((await at.seen())[0]?.headers["authorization"], undefined, "what went out");
        same(exchangesOf(response)[0]?.dropped, ["authorization"], "what is pointed out");
      },
    },
  ],
};
