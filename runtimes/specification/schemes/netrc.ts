import { netrc, parseNetrc } from "@authflow/netrc";
import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";

const basicOf = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`;

export const netrcChapter: Chapter = {
  promise: "netrc, from a text",
  cases: [
    {
      title: "looks up the host of each request, and a login of its URL",
      async run(at) {
        const text = [
          "# of this machine",
          'machine 127.0.0.1 login ada password "p w\\"1"',
          "machine 127.0.0.1 login bob password pw2",
          "machine other.test login eve password pw3",
        ].join("\r\n");
        const authFetch = netrc({ text })(fetch);
        const url = new URL(await at.here());
        await authFetch(url);
        url.username = "bob";
        await authFetch(url);
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          [basicOf("ada", 'p w"1'), basicOf("bob", "pw2")],
          "the credentials",
        );
      },
    },
    {
      title: "sends nothing where nothing matches, and never replaces an Authorization header",
      async run(at) {
        const url = await at.here();
        await netrc({ text: "machine other.test login eve password pw3" })(fetch)(url);
        await netrc({ text: "default login ada password pw1" })(fetch)(url, { headers: { authorization: "own" } });
        await netrc({ text: "default login ada password pw1" })(fetch)(url);
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          [undefined, "own", basicOf("ada", "pw1")],
          "the credentials",
        );
      },
    },
    {
      title: "reads what curl and Python read",
      run() {
        const found = parseNetrc("machine a.test login x password y#z macdef init\ncd /\n\nmachine b.test\tlogin q");
        same(
          [found.find("a.test"), found.find("b.test")?.login, found.find("c.test")],
          [{ login: "x", password: "y#z" }, "q", undefined],
          "what is found",
        );
      },
    },
  ],
};
