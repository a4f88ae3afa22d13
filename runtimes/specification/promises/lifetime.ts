import { defineScheme } from "@authflow/flow";
import type { Chapter } from "../case.ts";
import { failureOf, holds, same } from "../expect.ts";

export const lifetime: Chapter = {
  promise: "2. Lifetime",
  cases: [
    {
      title: "an error of the transport is thrown at the yield, and the flow may recover",
      async run(at) {
        const [broken, whole] = [await at.here({ fault: "reset" }), await at.here({ body: "welcome" })];
        const recovering = defineScheme({
          name: "recovering",
          *authFlow(request) {
            try {
              yield request;
            } catch (error) {
              holds(error instanceof Error, "it is an Error");
              yield new Request(whole, request);
            }
          },
        });
        const response = await recovering(fetch)(broken, { method: "POST", body: "b" });
        same(await response.text(), "welcome", "the response");
      },
    },
    {
      title: "an error that a flow raises about one of the transport carries that as its cause",
      async run(at) {
        const url = await at.here({ fault: "reset" });
        let thrown: unknown;
        const raising = defineScheme({
          name: "raising",
          *authFlow(request) {
            try {
              yield request;
            } catch (error) {
              thrown = error;
              throw new RangeError("no way");
            }
          },
        });
        const error = await failureOf(raising(fetch)(url, { method: "POST", body: "b" }));
        holds(error instanceof RangeError && error.cause === thrown, "the error is the flow's, with its cause");
      },
    },
    {
      title: "the generator is finished on every way out, and what it yields then is not sent",
      async run(at) {
        const url = await at.here();
        const ends: string[] = [];
        const finishing = (name: string, act: (response: Response) => void): ReturnType<typeof defineScheme> =>
          defineScheme({
            name,
            *authFlow(request) {
              try {
                act(yield request);
              } finally {
                ends.push(name);
                yield request;
              }
            },
          });
        // Each of them sends one request; the one in `finally` counts where nothing has ended the flow.
        await finishing("returns", () => {})(fetch)(url);
        await failureOf(
          finishing("throws", () => {
            throw new RangeError("no");
          })(fetch)(url),
        );
        const silence = await at.here({ fault: "silence" });
        const controller = new AbortController();
        const aborted = finishing("is aborted", () => {})(fetch)(silence, { signal: controller.signal });
        controller.abort();
        await failureOf(aborted);
        await Promise.resolve();
        same(ends, ["returns", "throws", "is aborted"], "the flows that were finished");
        const sent = (await at.seen()).filter(({ target }) => target === new URL(silence).pathname);
        holds(sent.length <= 1, "nothing was sent after the abort");
      },
    },
    {
      title: "an abort ends the call at once, also while its flow waits for a promise of its own",
      async run(at) {
        const url = await at.here();
        const waiting = defineScheme({
          name: "waiting",
          async *authFlow(request) {
            await new Promise(() => {});
            yield request;
          },
        });
        const controller = new AbortController();
        const call = waiting(fetch)(url, { signal: controller.signal });
        const reason = new RangeError("changed my mind");
        controller.abort(reason);
        same((await failureOf(call)) === reason, true, "whether it rejects with the reason");
        same((await at.seen()).length, 0, "the requests");
      },
    },
  ],
};
