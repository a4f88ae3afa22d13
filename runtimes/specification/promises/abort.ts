import { bearer } from "@authflow/bearer";
import type { StreamInit } from "../abilities.ts";
import type { Chapter } from "../case.ts";
import { deferred } from "../deferred.ts";
import { failureOf, holds, same } from "../expect.ts";
import { answering } from "../flows.ts";
import { recorder } from "../recorder.ts";
import { bytesStream } from "../streams.ts";

const KIB = 1024;

export const abort: Chapter = {
  promise: "8. Abort",
  cases: [
    {
      title: "the signal goes to the fetch inside, at every step",
      async run() {
        const { next, calls } = recorder(401);
        const { signal } = new AbortController();
        await answering(next)("https://a.test/", { signal });
        same(
          calls.map(({ init }) => init.signal === signal),
          [true, true],
          "whether it is the very signal",
        );

        const controller = new AbortController();
        await answering(next)(new Request("https://a.test/", { signal: controller.signal }));
        controller.abort();
        same(calls[2]?.init.signal?.aborted, true, "whether the signal of a Request was handed on");
      },
    },
    {
      title: "the call rejects with the signal's reason, and nothing more is sent",
      async run(at) {
        const url = await at.here({ status: 401 }, { fault: "silence" });
        const controller = new AbortController();
        const reason = new RangeError("enough");
        const call = answering(fetch)(url, { signal: controller.signal });
        await at.arrived(2);
        controller.abort(reason);
        same((await failureOf(call)) === reason, true, "whether it is the reason");
        same((await at.seen()).length, 2, "the requests");
      },
    },
    {
      title: "a signal that was aborted before: nothing is sent",
      async run(at) {
        const url = await at.here();
        const reason = new RangeError("never");
        const error = await failureOf(answering(fetch)(url, { signal: AbortSignal.abort(reason) }));
        same([error === reason, (await at.seen()).length], [true, 0], "the error and the requests");
      },
    },
    {
      title: "an upload that is cut never looks complete, and its source is cancelled",
      needs: "streamed uploads",
      async run(at) {
        const url = await at.here({ status: 401 }, {});
        const controller = new AbortController();
        const cancelled = deferred<string>();
        const body = bytesStream(400 * KIB, {
          after: 128 * KIB,
          opens: new Promise(() => {}),
          cancelled: () => cancelled.resolve("cancelled"),
        });
        const init: StreamInit = { method: "PUT", body, duplex: "half", signal: controller.signal };
        const call = answering(fetch)(url, init);
        await at.arrived(1);
        controller.abort();
        await failureOf(call);
        same(await cancelled.promise, "cancelled", "the source");
        same(
          (await at.seen()).map(({ complete }) => complete),
          [false],
          "whether it looks complete",
        );
      },
      without: {
        title: "an upload of a Blob is cut, and no second one begins",
        async run(at) {
          const url = await at.here({ fault: "silence" });
          const controller = new AbortController();
          const init = { method: "PUT", body: new Blob([new Uint8Array(400 * KIB)]), signal: controller.signal };
          const call = answering(fetch)(url, init);
          await at.arrived(1);
          controller.abort();
          await failureOf(call);
          same((await at.seen()).length, 1, "the requests");
        },
      },
    },
    {
      title: "waiting for another call's work ends at once, and harms nobody else",
      async run(at) {
        const url = await at.here();
        const token = deferred<string>();
        let asked = 0;
        const auth = bearer(() => {
          asked += 1;
          return token.promise;
        });
        const controller = new AbortController();
        const [aborted, other] = [auth(fetch)(url, { signal: controller.signal }), auth(fetch)(url)];
        const reason = new RangeError("enough");
        controller.abort(reason);
        same((await failureOf(aborted)) === reason, true, "whether it rejects with the reason");
        token.resolve("t1");
        same([(await other).status, asked], [200, 1], "the other call, and how often the source was asked");
        holds((await at.seen()).length === 1, "only the other call was sent");
      },
    },
  ],
};
