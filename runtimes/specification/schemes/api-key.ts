import { apiKey } from "@authflow/api-key";
import type { Chapter } from "../case.ts";
import { same, thrownBy } from "../expect.ts";

export const apiKeyChapter: Chapter = {
  promise: "API key",
  cases: [
    {
      title: "stands in a header",
      async run(at) {
        await apiKey({ header: "X-Pin", value: "k3y" })(fetch)(await at.here());
        same((await at.seen())[0]?.headers["x-pin"], "k3y", "the header");
      },
    },
    {
      title: "stands in the query, beside what is there",
      async run(at) {
        const url = await at.here();
        await apiKey({ query: "pin", value: "k 3&y" })(fetch)(`${url}?a=b%20c`);
        same((await at.seen())[0]?.target, `${new URL(url).pathname}?a=b%20c&pin=k%203%26y`, "the target");
      },
    },
    {
      title: "stands in a cookie, beside those of the caller",
      needs: "cookie headers",
      async run(at) {
        await apiKey({ cookie: "pin", value: "k3y" })(fetch)(await at.here(), { headers: { cookie: "a=1" } });
        same((await at.seen())[0]?.headers["cookie"], "a=1; pin=k3y", "the cookies");
      },
      without: {
        title: "in a cookie is ERR_AUTHFLOW_FORBIDDEN_HEADER",
        async run() {
          const error = await thrownBy(() => apiKey({ cookie: "pin", value: "k3y" }));
          same((error as { code?: unknown }).code, "ERR_AUTHFLOW_FORBIDDEN_HEADER", "the code");
        },
      },
    },
  ],
};
