import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { anyOf, compose, createAuthFetch, install, type RouteMatch, type RouteUrlPattern } from "@authflow/core";
import { digest } from "@authflow/digest";
import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";
import { header } from "../flows.ts";

const ACCOUNT = { username: "finley", password: "secret" };
const FINLEY = `Basic ${btoa("finley:secret")}`;

/** Calls a place that a route is for, and one that it isn't. */
async function routed(match: RouteMatch, url: string): Promise<void> {
  const authFetch = createAuthFetch({ routes: [{ match, auth: ["finley", "secret"] }] });
  await authFetch(`${url}/secret`);
  await authFetch(url);
}

export const routesChapter: Chapter = {
  promise: "Routes and createAuthFetch",
  cases: [
    {
      title: "the first route that matches says who a request is from; a path matches whole segments",
      async run(at) {
        const [api, other] = [await at.here(), await at.elsewhere()];
        const authFetch = createAuthFetch({
          auth: bearer("rest"),
          routes: [
            { match: `${api}/admin`, auth: bearer("admin") },
            { match: api, auth: ["finley", "secret"] },
            { match: (url) => url.searchParams.has("open"), auth: null },
          ],
        });
        for (const url of [`${api}/admin/x`, `${api}/administrator`, api, `${other}?open`, other]) await authFetch(url);
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          ["Bearer admin", FINLEY, FINLEY, undefined, "Bearer rest"],
          "the credentials",
        );
      },
    },
    {
      title: "a URLPattern says which requests a route is for",
      needs: "URLPattern",
      async run(at) {
        const url = await at.here();
        const { URLPattern } = globalThis as unknown as { URLPattern: new (init: object) => RouteUrlPattern };
        const match = new URLPattern({ protocol: "http", hostname: "127.0.0.1", pathname: "/at/*/secret" });
        await routed(match, url);
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          [FINLEY, undefined],
          "the credentials",
        );
      },
      without: {
        title: "a function says which requests a route is for",
        async run(at) {
          await routed(({ pathname }) => pathname.endsWith("/secret"), await at.here());
          same(
            (await at.seen()).map(({ headers }) => headers["authorization"]),
            [FINLEY, undefined],
            "the credentials",
          );
        },
      },
    },
    {
      title: "a request's own auth wins, and null means nobody",
      async run(at) {
        const url = await at.here();
        const authFetch = createAuthFetch({ auth: bearer("client") });
        await authFetch(url);
        await authFetch(url, { auth: ["finley", "secret"] });
        await authFetch(url, { auth: (request) => new Request(request, { headers: { "x-function": "1" } }) });
        await authFetch(url, { auth: null });
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"] ?? headers["x-function"]),
          ["Bearer client", FINLEY, "1", undefined],
          "the credentials",
        );
      },
    },
    {
      title: "anyOf answers what the server asks for, with the strongest first",
      async run(at) {
        const auth = anyOf(digest(ACCOUNT), basic(ACCOUNT));
        const digests = await at.digest({});
        const basics = await at.elsewhere({ status: 401, headers: { "WWW-Authenticate": 'Basic realm="r"' } }, {});
        const statuses = [(await auth(fetch)(digests)).status, (await auth(fetch)(basics)).status];
        same(statuses, [200, 200], "the responses");
        same((await at.seen()).at(-1)?.headers["authorization"], FINLEY, "the credentials for the second server");
      },
    },
    {
      title: "compose puts middlewares around one fetch, the first outermost",
      async run(at) {
        const composed = compose(header("x-first", "1"), header("x-second", "2"), basic(ACCOUNT));
        await composed(fetch)(await at.here());
        const [seen] = await at.seen();
        same(
          [seen?.headers["x-first"], seen?.headers["x-second"], seen?.headers["authorization"]],
          ["1", "2", FINLEY],
          "the headers",
        );
      },
    },
    {
      title: "install lets the global fetch authenticate, where it was told to, until it is uninstalled",
      async run(at) {
        const [url, other, before] = [await at.here(), await at.elsewhere(), globalThis.fetch];
        const installation = install({ auth: ["finley", "secret"], origins: [at.origins.here] });
        try {
          await fetch(url);
          await fetch(other);
        } finally {
          installation.uninstall();
        }
        await fetch(url);
        same(globalThis.fetch === before, true, "whether the global fetch is the old one");
        same(
          (await at.seen()).map(({ headers }) => headers["authorization"]),
          [FINLEY, undefined, undefined],
          "the credentials",
        );
      },
    },
  ],
};
