import { defineScheme } from "@authflow/flow";
import type { Chapter } from "../case.ts";
import { deferred } from "../deferred.ts";
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
      title: "the generator is finished, whichever way a call ends",
      async run(at) {
        const [whole, broken] = [await at.here(), await at.here({ fault: "reset" })];
        const ends: string[] = [];
        const finishing = (name: string, act: () => void): typeof fetch =>
          defineScheme({
            name,
            *authFlow(request) {
              try {
                yield request;
                act();
              } finally {
                ends.push(name);
              }
            },
          })(fetch);
        await finishing("with a response", () => {})(whole);
        const raising = finishing("with an error of the flow", () => {
          throw new RangeError("no");
        });
        holds((await failureOf(raising(whole))) instanceof RangeError, "the flow's error is the call's");
        await failureOf(finishing("with one of the transport", () => {})(broken, { method: "POST", body: "b" }));
        same(
          ends,
          ["with a response", "with an error of the flow", "with one of the transport"],
          "the flows that ended",
        );
      },
    },
    {
      title: "what a flow yields after an abort is not sent",
      async run(at) {
        const [silence, later] = [await at.here({ fault: "silence" }), await at.here()];
        const ended = deferred<void>();
        const stubborn = defineScheme({
          name: "stubborn",
          *authFlow(request) {
            try {
              yield request;
            } finally {
              ended.resolve();
              yield new Request(later, request);
            }
          },
        });
        const controller = new AbortController();
        const call = stubborn(fetch)(silence, { signal: controller.signal });
        await at.arrived(1);
        controller.abort();
        await failureOf(call);
        await ended.promise;
        same((await at.seen()).length, 1, "the requests");
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
