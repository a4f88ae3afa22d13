import { basic } from "@authflow/basic";
import { createAuthFetch } from "@authflow/core";
import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";

/** RFC 7617 §2.1, the example with a pound sign: "test" and "123£" in UTF-8. */
const POUND = { account: { username: "test", password: "123\u00a3" }, field: "Basic dGVzdDoxMjPCow==" };
const ASKING = { status: 401, headers: { "WWW-Authenticate": 'Basic realm="r", charset="UTF-8"' } };

export const basicChapter: Chapter = {
  promise: "Basic",
  cases: [
    {
      title: "sends user name and password as UTF-8, with the first request (RFC 7617 §2.1)",
      async run(at) {
        await basic(POUND.account)(fetch)(await at.here());
        same((await at.seen())[0]?.headers["authorization"], POUND.field, "the credentials");
      },
    },
    {
      title: "waits for a challenge where it is told to, and knows the space from then on (§2.2)",
      async run(at) {
        const url = await at.here(ASKING, {}, {});
        const authFetch = basic({ ...POUND.account, preemptive: false })(fetch);
        same([(await authFetch(url)).status, (await authFetch(url)).status], [200, 200], "the responses");
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          [undefined, POUND.field, POUND.field],
          "the credentials",
        );
      },
    },
    {
      title: "answers a challenge of the page's own origin",
      needs: "unprompted challenges",
      async run(at) {
        const url = await at.own(ASKING, {});
        same((await basic({ ...POUND.account, preemptive: false })(fetch)(url)).status, 200, "the response");
      },
      without: {
        title: 'answers a challenge of the page\'s own origin, with credentials: "omit"',
        async run(at) {
          const url = await at.own(ASKING, {});
          const authFetch = basic({ ...POUND.account, preemptive: false })(fetch);
          same((await authFetch(url, { credentials: "omit" })).status, 200, "the response");
        },
      },
    },
    {
      title: "answers a challenge of another origin, whatever that exposes to pages",
      needs: "unexposed headers",
      async run(at) {
        const url = await at.here({ ...ASKING, isUnexposed: true }, {});
        same((await basic({ ...POUND.account, preemptive: false })(fetch)(url)).status, 200, "the response");
      },
      without: {
        title: "a challenge that another origin doesn't expose can't be answered: the 401 comes back",
        async run(at) {
          const url = await at.here({ ...ASKING, isUnexposed: true }, {});
          same((await basic({ ...POUND.account, preemptive: false })(fetch)(url)).status, 401, "the response");
          same((await at.seen()).length, 1, "the requests");
        },
      },
    },
    {
      title: "takes user name and password from the URL, which bare fetch refuses",
      async run(at) {
        const url = new URL(await at.here());
        url.username = "test";
        url.password = "123£";
        same((await createAuthFetch({})(url)).status, 200, "the response");
        same((await at.seen())[0]?.headers["authorization"], POUND.field, "the credentials");
      },
    },
  ],
};
