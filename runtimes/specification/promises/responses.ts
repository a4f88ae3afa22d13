import type { Chapter } from "../case.ts";
import { holds, same } from "../expect.ts";
import { answering } from "../flows.ts";

export const responses: Chapter = {
  promise: "6. Responses between steps",
  cases: [
    {
      title: "are read, so that ten challenged calls take no more connections than bare fetch that reads all",
      async run(at) {
        const refusal = { status: 401, body: 64 * 1024 }; // small ones end in the buffers of the platform, read or not
        const [bare, challenged] = [
          await at.here(refusal),
          await at.here(...Array.from({ length: 10 }, () => [refusal, {}]).flat()),
        ];
        for (let count = 0; count < 20; count++) await (await fetch(bare)).text();
        for (let count = 0; count < 10; count++) {
          const response = await answering(fetch)(challenged);
          same([response.status, await response.text()], [200, ""], "the response");
        }
        const seen = await at.seen();
        const sockets = (url: string): number =>
          new Set(seen.filter(({ target }) => target === new URL(url).pathname).map(({ socket }) => socket)).size;
        same(seen.length, 40, "the requests");
        const [most, used] = [Math.max(2, sockets(bare)), sockets(challenged)];
        holds(used <= most, `it takes at most ${most} connections, and it took ${used}`);
      },
    },
    {
      title: "are given up where they don't end, and the call goes on",
      async run(at) {
        const url = await at.here({ status: 401, fault: "endless" }, { body: "welcome" });
        same(await (await answering(fetch)(url)).text(), "welcome", "the response");
      },
    },
    {
      title: "the last one is left unread",
      async run(at) {
        const url = await at.here({ status: 401 }, { status: 401, body: "still no" });
        const response = await answering(fetch)(url);
        same([response.bodyUsed, await response.text()], [false, "still no"], "the response");
      },
    },
  ],
};
