import { apiKey } from "@authflow/api-key";
import { basic } from "@authflow/basic";
import { digest } from "@authflow/digest";
import { defineScheme, historyOf } from "@authflow/flow";
import type { StreamInit } from "../abilities.ts";
import type { Chapter } from "../case.ts";
import { codeOf, failureOf, holds, same } from "../expect.ts";
import { answering, header } from "../flows.ts";
import type { Place } from "../place.ts";
import { bytesOf, bytesStream, sha256 } from "../streams.ts";

const ACCOUNT = { username: "finley", password: "secret" };
const OWN = { authorization: "own", cookie: "sid=own", "x-caller": "1" };

/** What of each request stood in some headers. */
async function sent(at: Place, ...names: readonly string[]): Promise<unknown[][]> {
  return (await at.seen()).map(({ origin, headers }) => [origin, ...names.map((name) => headers[name] ?? null)]);
}

export const redirects: Chapter = {
  promise: "9. Redirects",
  cases: [
    {
      title: "at the origin of the call the flow runs afresh, and the response reads as fetch's does",
      needs: "shown redirects",
      async run(at) {
        const end = await at.here({ body: "the end" });
        const start = await at.redirect(end);
        const response = await header("x-key", "1")(fetch)(start, { headers: { "x-caller": "1" } });
        same(
          [response.url, response.redirected, await response.clone().text()],
          [end, true, "the end"],
          "the response",
        );
        same(response.clone().url, end, "the url of its clone");
        same(historyOf(response)[0]?.response?.status, 302, "the redirect in the history");
        same(
          await sent(at, "x-key", "x-caller"),
          [
            ["here", "1", "1"],
            ["here", "1", "1"],
          ],
          "the requests",
        );
      },
      without: {
        title: "at the origin of the call the platform takes the headers along",
        async run(at) {
          const end = await at.here({ body: "the end" });
          const response = await header("authorization", "Test 1")(fetch)(await at.redirect(end));
          same([response.url, response.redirected, await response.text()], [end, true, "the end"], "the response");
          same(
            await sent(at, "authorization"),
            [
              ["here", "Test 1"],
              ["here", "Test 1"],
            ],
            "the requests",
          );
        },
      },
    },
    {
      title: "a digest is computed anew for each hop",
      needs: "shown redirects",
      async run(at) {
        const end = await at.digest({});
        const start = await at.redirect(end, 307);
        const response = await digest(ACCOUNT)(fetch)(start, { method: "POST", body: "b" });
        same([response.status, await response.text()], [200, "welcome"], "the response");
      },
      without: {
        title: "a digest is for the URL that was asked for: what the end says of it comes back, after one answer",
        async run(at) {
          const start = await at.redirect(await at.digest({}));
          const { status } = await digest(ACCOUNT)(fetch)(start);
          holds(status === 400 || status === 401, `the server refuses it, and it says ${status}`);
          same((await at.seen()).length, 4, "the requests, two of which the platform made by itself");
        },
      },
    },
    {
      title: "at another origin no flow runs, and the caller's own credentials stay behind",
      needs: "shown redirects",
      async run(at) {
        const start = await at.redirect(await at.elsewhere());
        const keyed = apiKey({ header: true, value: "k3y" })(fetch);
        same((await keyed(start, { headers: OWN })).status, 200, "the response");
        same(
          await sent(at, "x-api-key", "authorization", "cookie", "x-caller"),
          [
            ["here", "k3y", "own", "sid=own", "1"],
            ["elsewhere", null, null, null, "1"],
          ],
          "the requests",
        );
      },
      without: {
        title: "at another origin the platform drops Authorization, and takes other headers along",
        async run(at) {
          const start = await at.redirect(await at.elsewhere());
          const keyed = apiKey({ header: true, value: "k3y" })(basic(ACCOUNT)(fetch));
          same((await keyed(start, { headers: { "x-caller": "1" } })).status, 200, "the response");
          same(
            (await sent(at, "x-api-key", "authorization", "x-caller")).at(-1),
            ["elsewhere", "k3y", null, "1"],
            "the last request",
          );
        },
      },
    },
    {
      title: "nothing is sent on the way back either",
      needs: "shown redirects",
      async run(at) {
        const back = await at.here();
        const away = await at.elsewhere({ status: 302, headers: { Location: back } });
        const both = header("x-key", "1")(basic(ACCOUNT)(fetch));
        await both(await at.redirect(away), { headers: { cookie: "sid=own" } });
        same(
          (await sent(at, "x-key", "authorization", "cookie")).slice(1),
          [
            ["elsewhere", null, null, null],
            ["here", null, null, null],
          ],
          "the requests after the first",
        );
      },
      without: {
        title: "Authorization isn't sent on the way back either",
        async run(at) {
          const back = await at.here();
          const away = await at.elsewhere({ status: 302, headers: { Location: back } });
          await basic(ACCOUNT)(fetch)(await at.redirect(away));
          same((await sent(at, "authorization")).at(-1), ["here", null], "the last request");
        },
      },
    },
    {
      title: "a challenge from another origin is not answered",
      async run(at) {
        const away = await at.elsewhere({ status: 401, headers: { "WWW-Authenticate": 'Basic realm="evil"' } });
        const { status } = await basic({ ...ACCOUNT, preemptive: false })(fetch)(await at.redirect(away));
        same(status, 401, "the response");
        const credentials = (await at.seen()).filter(
          ({ origin, headers }) => origin === "elsewhere" && "authorization" in headers,
        );
        same(credentials.length, 0, "the requests elsewhere with credentials");
      },
    },
    {
      title: 'a scheme of scope "origin" runs at each origin that the call comes to',
      needs: "shown redirects",
      async run(at) {
        const start = await at.redirect(await at.elsewhere());
        const looking = header("x-looked-up", "1", { scope: "origin" });
        await looking(fetch)(start);
        same(
          await sent(at, "x-looked-up"),
          [
            ["here", "1"],
            ["elsewhere", "1"],
          ],
          "the requests",
        );
      },
      without: {
        title: 'a scheme of scope "origin" runs once, for the origin of the call',
        async run(at) {
          const looked: string[] = [];
          const looking = defineScheme({
            name: "looking",
            scope: "origin",
            *authFlow(request) {
              looked.push(new URL(request.url).origin);
              yield request;
            },
          });
          await looking(fetch)(await at.redirect(await at.elsewhere()));
          same(looked, [at.origins.here], "where it was asked");
        },
      },
    },
    ...[301, 302, 303, 307, 308].map((status) => ({
      title: `method and body of a POST change as the fetch standard has it: ${status}`,
      async run(at: Place) {
        const start = await at.redirect(await at.here(), status);
        const init = { method: "POST", body: "the body", headers: { "content-language": "en" } };
        await header("x-key", "1")(fetch)(start, init);
        const end = (await at.seen()).at(-1);
        same(
          [end?.method, end?.text, end?.headers["content-type"], end?.headers["content-language"]],
          status < 304 ? ["GET", "", undefined, undefined] : ["POST", "the body", "text/plain;charset=UTF-8", "en"],
          "what arrived at the end",
        );
      },
    })),
    {
      title: "a 307 sends a stream again",
      needs: "streamed uploads",
      async run(at) {
        const end = await at.here();
        const init: StreamInit = { method: "PUT", body: bytesStream(100 * 1024), duplex: "half" };
        await header("x-key", "1")(fetch)(await at.redirect(end, 307), init);
        same((await at.seen()).at(-1)?.sha256, await sha256(await bytesOf(100 * 1024)), "what arrived at the end");
      },
      without: {
        title: "a 307 sends a Blob again",
        async run(at) {
          const bytes = await bytesOf(100 * 1024);
          const start = await at.redirect(await at.here(), 307);
          await header("x-key", "1")(fetch)(start, { method: "PUT", body: new Blob([bytes]) });
          same((await at.seen()).at(-1)?.sha256, await sha256(bytes), "what arrived at the end");
        },
      },
    },
    {
      title: 'the caller\'s redirect: "manual" holds: the response comes as bare fetch gives it',
      async run(at) {
        const start = await at.redirect("/nowhere");
        const bare = await fetch(start, { redirect: "manual" });
        const wrapped = await answering(fetch)(start, { redirect: "manual" });
        const told = [bare, wrapped].map(({ status, type, headers }) => [status, type, headers.get("location")]);
        same(told[1], told[0], "the response");
        same((await at.seen()).length, 2, "the requests");
      },
    },
    {
      title: 'the caller\'s redirect: "error" holds: a redirect is a TypeError',
      needs: "refused redirects",
      async run(at) {
        const start = await at.redirect(await at.here());
        const call = header("x-key", "1")(fetch)(start, { redirect: "error" });
        holds((await failureOf(call)) instanceof TypeError, "it is a TypeError");
        same((await at.seen()).length, 1, "the requests");
        const open = await header("x-key", "1")(fetch)(await at.here(), { redirect: "error" });
        same(open.status, 200, "a response that is no redirect");
      },
      without: {
        title: "the caller's redirect: \"error\" is the platform's TypeError, and no redirect is followed",
        async run(at) {
          const start = await at.redirect(await at.here());
          const call = header("x-key", "1")(fetch)(start, { redirect: "error" });
          holds((await failureOf(call)) instanceof TypeError, "it is a TypeError");
          same((await at.seen()).length, 0, "the requests");
        },
      },
    },
    {
      title: "user and password in a Location are not sent",
      needs: "shown redirects",
      async run(at) {
        const end = new URL(await at.here());
        end.username = "mallory";
        end.password = "evil";
        await header("x-key", "1")(fetch)(await at.redirect(end.href));
        same(
          await sent(at, "authorization"),
          [
            ["here", null],
            ["here", null],
          ],
          "the requests",
        );
      },
      without: {
        title: "user and password in a Location elsewhere are the platform's network error, as the standard has it",
        async run(at) {
          const end = new URL(await at.elsewhere());
          end.username = "mallory";
          end.password = "evil";
          const call = header("authorization", "Test 1")(fetch)(await at.redirect(end.href));
          holds((await failureOf(call)) instanceof TypeError, "it is a TypeError");
          same((await at.seen()).filter(({ origin }) => origin === "elsewhere").length, 0, "the requests elsewhere");
        },
      },
    },
    {
      title: "a key of the query is taken out of a Location elsewhere that repeats it",
      needs: "shown redirects",
      async run(at) {
        const end = await at.elsewhere();
        const start = await at.redirect(`${end}?page=2&api_key=k3y`);
        await apiKey({ query: true, value: "k3y" })(fetch)(start);
        const targets = (await at.seen()).map(({ target }) => target.split("?")[1]);
        same(targets, ["api_key=k3y", "page=2"], "the queries");
      },
      without: {
        title: "a key of the query goes to the origin of the call, and elsewhere only if the server repeats it",
        async run(at) {
          const start = await at.redirect(`${await at.elsewhere()}?page=2`);
          await apiKey({ query: true, value: "k3y" })(fetch)(start);
          const targets = (await at.seen()).map(({ target }) => target.split("?")[1]);
          same(targets, ["api_key=k3y", "page=2"], "the queries");
        },
      },
    },
    {
      title: "the 21st redirect is ERR_AUTHFLOW_TOO_MANY_REDIRECTS",
      needs: "shown redirects",
      async run(at) {
        const loop = await at.here({ status: 302, headers: { Location: "?again" } });
        await codeOf(header("x-key", "1")(fetch)(loop), "ERR_AUTHFLOW_TOO_MANY_REDIRECTS");
        same((await at.seen()).length, 21, "the requests");
      },
      without: {
        title: "the 21st redirect is the platform's TypeError",
        async run(at) {
          const loop = await at.here({ status: 302, headers: { Location: "?again" } });
          holds((await failureOf(header("x-key", "1")(fetch)(loop))) instanceof TypeError, "it is a TypeError");
          same((await at.seen()).length, 21, "the requests");
        },
      },
    },
    {
      title: "a layer between two schemes changes none of this, as long as it passes init on",
      needs: "shown redirects",
      async run(at) {
        const start = await at.redirect(await at.elsewhere());
        const inner = header("x-inner", "1")(fetch);
        const layer: typeof fetch = (input, init) => inner(input, { ...init });
        await header("x-outer", "1")(layer)(start);
        same(
          await sent(at, "x-outer", "x-inner"),
          [
            ["here", "1", "1"],
            ["elsewhere", null, null],
          ],
          "the requests",
        );
      },
      without: {
        title: "a layer between two schemes changes none of this either: no Authorization elsewhere",
        async run(at) {
          const start = await at.redirect(await at.elsewhere());
          const inner = basic(ACCOUNT)(fetch);
          const layer: typeof fetch = (input, init) => inner(input, { ...init });
          await header("x-outer", "1")(layer)(start);
          same((await sent(at, "authorization")).at(-1), ["elsewhere", null], "the last request");
        },
      },
    },
  ],
};
