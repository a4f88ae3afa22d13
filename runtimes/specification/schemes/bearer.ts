import { bearer } from "@authflow/bearer";
import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";

const REFUSAL = { status: 401, headers: { "WWW-Authenticate": 'Bearer realm="r", error="invalid_token"' } };

export const bearerChapter: Chapter = {
  promise: "Bearer",
  cases: [
    {
      title: "sends a fixed token (RFC 6750 §2.1)",
      async run(at) {
        await bearer("mF_9.B5f-4.1JqM")(fetch)(await at.here());
        same((await at.seen())[0]?.headers["authorization"], "Bearer mF_9.B5f-4.1JqM", "the token");
      },
    },
    {
      title: "takes a 401 for a refusal whose challenge isn't there or isn't exposed, with bare401",
      async run(at) {
        const url = await at.here({ ...REFUSAL, isUnexposed: true }, { status: 401 }, {});
        const tokens = ["t1", "t2", "t3"];
        const authFetch = bearer(() => tokens.shift() ?? "", { bare401: true })(fetch);
        same([(await authFetch(url)).status, (await authFetch(url)).status], [401, 200], "the responses");
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          ["Bearer t1", "Bearer t2", "Bearer t2"],
          "the tokens",
        );
      },
    },
    {
      title: "asks for another token when one is refused, once for ten calls at a time (§3)",
      async run(at) {
        const url = await at.wanting("Bearer t2", REFUSAL);
        let asked = 0;
        const authFetch = bearer(async () => `t${++asked}`)(fetch);
        const responses = await Promise.all(Array.from({ length: 10 }, () => authFetch(url)));
        same(new Set(responses.map(({ status }) => status)).size, 1, "the kinds of responses");
        same([responses[0]?.status, asked], [200, 2], "the responses, and how often the source was asked");
        same((await at.seen()).length, 20, "the requests");
      },
    },
  ],
};
