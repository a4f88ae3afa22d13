import { inspect } from "node:util";
import { Request as UndiciRequest } from "undici";
import { describe, expect } from "vitest";
import { conformance, Coverage } from "../fixtures/conformance.ts";
import { failureOf } from "../fixtures/failure.ts";
import {
  basicScheme,
  cookieScheme,
  headerScheme,
  lookUpScheme,
  proofFor,
  proofScheme,
  queryScheme,
  SECRETS,
  secretBytes,
} from "../fixtures/schemes.ts";
import { openSites, type Sites } from "../fixtures/sites.ts";
import { isAuthError } from "../index.ts";

const { matrix } = conformance("redirects") as { matrix: readonly { id: string }[] };

/** Every kind of place that a credential can stand in, at once. */
const withCredentials = (next: typeof fetch): typeof fetch =>
  basicScheme()(headerScheme()(queryScheme()(cookieScheme()(next))));
const ALL = Object.values(SECRETS).join("").length;

const INPUTS = {
  "a string": (url: string, init?: RequestInit): Parameters<typeof fetch> => [url, init],
  // undici's fetch takes undici's Request, whose type is not the DOM's.
  "a Request": (url: string, init?: RequestInit): Parameters<typeof fetch> => [
    new UndiciRequest(url, init as ConstructorParameters<typeof UndiciRequest>[1]) as unknown as Request,
  ],
} as const;

describe.each(Object.entries(INPUTS))(
  "credentials on a redirect (RFC 9110 section 15.4; conformance/redirects.json, matrix), given %s",
  (_, input) => {
    const rows = new Coverage(matrix.map(({ id }) => id));

    /** Follows a chain of redirects as the caller of a fetch would, wrapped or not. */
    const travel = async (fetch: Sites["fetch"], url: string, init?: RequestInit): Promise<Response> => {
      const response = await fetch(...input(url, init));
      await response.text();
      return response;
    };

    /** The journey of the credentials from a page to one at another origin, beside the same journey without them. */
    const leave = async (from: string, to: string, location = to): Promise<void> => {
      const sites = await openSites(from, to);
      sites.chain(`${from}/start`, `${to}/end?page=2`);
      if (location !== to) sites.at(from).redirect("/start", location);

      const response = await travel(withCredentials(sites.fetch), `${from}/start`);

      expect(secretBytes(sites.at(from).wire), "all credentials arrive where they belong").toBe(ALL);
      expect(secretBytes(sites.at(to).wire), "not one byte arrives elsewhere").toBe(0);
      expect(sites.at(to).last.headers).not.toHaveProperty("authorization");
      expect(sites.at(to).visits).toHaveLength(1);
      const native = await travel(sites.fetch, `${from}/start`);
      expect([response.url, response.redirected, response.status]).toEqual([native.url, native.redirected, 200]);
    };

    rows.spec("same-origin", "sends the credentials again, made anew for the URL of the hop", async () => {
      const sites = await openSites("http://a.test");
      const site = sites.at("http://a.test");
      sites.chain("http://a.test/x", "http://a.test/y?z=1");
      const prove = proofScheme("pr00f");
      site.on("/login", ({ headers }) =>
        headers.authorization ? {} : { status: 401, headers: { "www-authenticate": 'Proof nonce="n1"' } },
      );
      await travel(prove(sites.fetch), "http://a.test/login");

      const response = await travel(headerScheme()(prove(sites.fetch)), "http://a.test/x");

      expect(response.url).toBe("http://a.test/y?z=1");
      const [, , first, second] = site.visits;
      expect(first?.headers.authorization).toBe(`Proof ${proofFor("pr00f", "n1", "/x")}`);
      expect(second?.headers.authorization).toBe(`Proof ${proofFor("pr00f", "n1", "/y?z=1")}`);
      expect([first?.headers["x-api-key"], second?.headers["x-api-key"]]).toEqual([SECRETS.header, SECRETS.header]);
    });

    rows.spec("relative", "resolves the Location and sends the credentials again", async () => {
      const locations = { "/z": "/z", z: "/deep/z", "../z": "/z", "?q=1": "/deep/start?q=1", "//a.test/z": "/z" };
      for (const [location, target] of Object.entries(locations)) {
        const sites = await openSites("http://a.test");
        const site = sites.at("http://a.test");
        site.on("/deep/start", ({ target: asked }) =>
          asked.includes("q=1") ? {} : { status: 302, headers: { location } },
        );
        const response = await travel(basicScheme()(headerScheme()(sites.fetch)), "http://a.test/deep/start");
        expect(site.last).toMatchObject({
          target,
          headers: { authorization: `Basic ${SECRETS.basic}`, "x-api-key": SECRETS.header },
        });
        const native = await travel(sites.fetch, "http://a.test/deep/start");
        expect([location, response.url, site.last.target]).toEqual([location, native.url, target]);
      }
    });

    rows.spec(
      "other-port",
      "sends nothing to another port of the host, and answers no challenge from there",
      async () => {
        await leave("http://a.test", "http://a.test:8080");
        const sites = await openSites("http://a.test", "http://a.test:8080");
        sites.chain("http://a.test/start", "http://a.test:8080/end");
        const challenge = { "www-authenticate": 'Proof nonce="n1"' };
        sites.at("http://a.test:8080").on("/end", { status: 401, headers: challenge });
        const response = await travel(proofScheme("pr00f")(sites.fetch), "http://a.test/start");
        expect(response.status).toBe(401);
        expect(sites.at("http://a.test").visits).toHaveLength(1);
        expect(sites.at("http://a.test:8080").visits).toHaveLength(1);
      },
    );

    rows.spec("other-host-same-port", "sends nothing to another host", () => leave("http://a.test", "http://b.test"));

    rows.spec("subdomain", "sends nothing to a subdomain", () => leave("https://a.test", "https://sub.a.test"));

    rows.spec("parent-domain", "sends nothing to the parent domain", () =>
      leave("https://sub.a.test", "https://a.test"),
    );

    rows.spec("scheme-up", "sends nothing from http to https, which is another origin", () =>
      leave("http://a.test", "https://a.test"),
    );

    rows.spec(
      "scheme-down",
      "sends nothing from https to http, looked-up credentials of the host included",
      async () => {
        await leave("https://a.test", "http://a.test");
        const sites = await openSites("https://a.test", "http://a.test");
        sites.chain("https://a.test/start", "http://a.test/end");
        const lookUp = lookUpScheme({ "a.test": { login: "alice", password: "wonder" } });
        await travel(lookUp(sites.fetch), "https://a.test/start");
        expect(sites.at("https://a.test").last.headers.authorization).toBe(`Basic ${btoa("alice:wonder")}`);
        expect(sites.at("http://a.test").last.headers).not.toHaveProperty("authorization");
      },
    );

    rows.spec("away-and-back", "sends nothing on the return, neither a scheme's nor the caller's", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/via", "http://a.test/end");
      const home = sites.at("http://a.test");

      await travel(withCredentials(sites.fetch), "http://a.test/start");
      expect(secretBytes(sites.at("http://b.test").wire)).toBe(0);
      expect([home.last.target, secretBytes(home.last.wire)]).toEqual(["/end", 0]);

      await travel(headerScheme()(sites.fetch), "http://a.test/start", { headers: { authorization: "Own c4llers" } });
      expect(home.visits.at(-2)?.headers.authorization).toBe("Own c4llers");
      expect(secretBytes(sites.at("http://b.test").wire + home.last.wire, [SECRETS.header, "c4llers"])).toBe(0);
    });

    rows.spec("away-then-same-away", "sends nothing on any later hop at the other origin", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/1", "http://b.test/2", "http://b.test/3");
      await travel(withCredentials(sites.fetch), "http://a.test/start", { headers: { authorization: "Own c4llers" } });
      expect(sites.at("http://b.test").visits.map(({ target }) => target)).toEqual(["/1", "/2", "/3"]);
      expect(secretBytes(sites.at("http://b.test").wire, [...Object.values(SECRETS), "c4llers"])).toBe(0);
    });

    rows.spec("userinfo-same-origin", "ignores a user and password in the Location and keeps its own", async () => {
      const sites = await openSites("http://a.test");
      sites.at("http://a.test").redirect("/start", "http://evil:pw@a.test/end");
      const response = await travel(basicScheme()(sites.fetch), "http://a.test/start");
      expect(response.url).toBe("http://a.test/end");
      expect(sites.at("http://a.test").last.headers.authorization).toBe(`Basic ${SECRETS.basic}`);
      expect(secretBytes(sites.at("http://a.test").wire, ["evil", btoa("evil:pw")])).toBe(0);
    });

    rows.spec("userinfo-other-origin", "sends neither the Location's credentials nor its own", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.at("http://a.test").redirect("/start", "http://evil:pw@b.test/end");
      const response = await travel(withCredentials(sites.fetch), "http://a.test/start");
      expect(response.url).toBe("http://b.test/end");
      expect(sites.at("http://b.test").last.headers).not.toHaveProperty("authorization");
      expect(secretBytes(sites.at("http://b.test").wire, [...Object.values(SECRETS), "evil"])).toBe(0);
    });

    rows.spec("empty-userinfo-other-origin", "sends nothing for a Location whose user is empty", () =>
      leave("http://a.test", "http://b.test", "http://@b.test/end?page=2"),
    );

    rows.spec("netrc-next-host-has-entry", "looks the next host up by itself: alice at A, bob at B", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/end");
      const entries = {
        "a.test": { login: "alice", password: "wonder" },
        "b.test": { login: "bob", password: "build" },
      };
      await travel(lookUpScheme(entries)(sites.fetch), "http://a.test/start");
      expect(sites.at("http://a.test").last.headers.authorization).toBe(`Basic ${btoa("alice:wonder")}`);
      expect(sites.at("http://b.test").last.headers.authorization).toBe(`Basic ${btoa("bob:build")}`);
    });

    rows.spec("netrc-next-host-login-without-password", "sends bob with no password, never alice's", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/end");
      const entries = { "a.test": { login: "alice", password: "wonder" }, "b.test": { login: "bob" } };
      await travel(lookUpScheme(entries)(sites.fetch), "http://a.test/start");
      expect(sites.at("http://b.test").last.headers.authorization).toBe(`Basic ${btoa("bob:")}`);
    });

    rows.spec("netrc-default-empty", "sends nothing to a host that the look-up has nothing for", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/end");
      await travel(lookUpScheme({ "a.test": { login: "mary", password: "lamb" } })(sites.fetch), "http://a.test/start");
      expect(sites.at("http://a.test").last.headers.authorization).toBe(`Basic ${btoa("mary:lamb")}`);
      expect(sites.at("http://b.test").last.headers).not.toHaveProperty("authorization");
    });

    rows.spec(
      "bearer-plus-netrc",
      "keeps a token at A though B has looked-up credentials, in either order",
      async () => {
        const lookUp = lookUpScheme({ "b.test": { login: "bob", password: "build" } });
        const bearer = headerScheme("Bearer t0kenAtA", "authorization");
        for (const wrap of [
          (next: typeof fetch) => bearer(lookUp(next)),
          (next: typeof fetch) => lookUp(bearer(next)),
        ]) {
          const sites = await openSites("http://a.test", "http://b.test");
          sites.chain("http://a.test/start", "http://b.test/end");
          await travel(wrap(sites.fetch), "http://a.test/start");
          expect(sites.at("http://a.test").last.headers.authorization).toBe("Bearer t0kenAtA");
          expect(sites.at("http://b.test").last.headers.authorization).toBe(`Basic ${btoa("bob:build")}`);
          expect(secretBytes(sites.at("http://b.test").wire, ["t0kenAtA"])).toBe(0);
        }
      },
    );

    rows.spec("digest-cross-origin-state", "sends nothing that was learned at A along to B", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/end");
      const challenge = { status: 401, headers: { "www-authenticate": 'Proof nonce="n4tA"' } };
      sites.at("http://a.test").on("/login", ({ headers }) => (headers.authorization ? {} : challenge));
      const authFetch = proofScheme("pr00f")(sites.fetch);
      await travel(authFetch, "http://a.test/login");
      await travel(authFetch, "http://a.test/start");
      expect(sites.at("http://a.test").last.headers.authorization).toContain("n4tA");
      expect(sites.at("http://b.test").last.headers).not.toHaveProperty("authorization");
    });

    rows.spec(
      "redirect-then-401-other-origin",
      "gives a challenge from B back untouched, and retries nothing",
      async () => {
        const sites = await openSites("http://a.test", "http://b.test");
        sites.chain("http://a.test/start", "http://b.test/end");
        const headers = { "www-authenticate": 'Proof nonce="n1"' };
        sites.at("http://b.test").on("/end", { status: 401, headers, body: "who are you?" });
        const response = await proofScheme("pr00f")(sites.fetch)(...input("http://a.test/start"));
        expect([response.status, response.url, await response.text()]).toEqual([
          401,
          "http://b.test/end",
          "who are you?",
        ]);
        expect([sites.at("http://a.test").visits.length, sites.at("http://b.test").visits.length]).toEqual([1, 1]);
      },
    );

    rows.spec("redirect-then-401-same-origin", "answers a challenge for the URL that gave it", async () => {
      const sites = await openSites("http://a.test");
      const site = sites.at("http://a.test");
      sites.chain("http://a.test/x", "http://a.test/y");
      const proof = `Proof ${proofFor("pr00f", "n1", "/y")}`;
      const challenge = { status: 401, headers: { "www-authenticate": 'Proof nonce="n1"' } };
      site.on("/y", (visit) => (visit.headers.authorization === proof ? {} : challenge));
      const response = await travel(proofScheme("pr00f")(sites.fetch), "http://a.test/x");
      expect([response.status, response.url]).toEqual([200, "http://a.test/y"]);
      expect(site.visits.map(({ target }) => target)).toEqual(["/x", "/y", "/y"]);
    });

    rows.spec(
      "custom-header-x-api-key",
      "keeps at home a header and a query pair that fetch itself would leak",
      async () => {
        const sites = await openSites("http://a.test", "http://b.test");
        const away = sites.at("http://b.test");
        sites.chain("http://a.test/start", "http://b.test/end");
        await travel(sites.fetch, "http://a.test/start", { headers: { "x-api-key": SECRETS.header } });
        expect(secretBytes(away.wire), "the platform leaks it").toBe(SECRETS.header.length);

        away.visits.length = 0;
        await travel(headerScheme()(sites.fetch), "http://a.test/start");
        expect(secretBytes(away.wire)).toBe(0);

        // A server that copies the query into its Location would lead the key elsewhere.
        const copied = ({ target }: { target: string }): string =>
          `http://b.test/end?keep=%20a&${target.split("?")[1]}&b`;
        sites.at("http://a.test").on("/start", (visit) => ({ status: 307, headers: { location: copied(visit) } }));
        await travel(queryScheme()(sites.fetch), "http://a.test/start");
        expect(sites.at("http://a.test").last.target).toBe(`/start?api_key=${SECRETS.query}`);
        expect(away.last.target, "the rest is spelled as the server spelled it").toBe("/end?keep=%20a&b");

        sites.at("http://a.test").redirect("/start", "http://b.test/end?api_key=theirs");
        await travel(queryScheme()(sites.fetch), "http://a.test/start");
        expect(away.last.target, "what is of the other server's making stays").toBe("/end?api_key=theirs");
      },
    );

    rows.spec(
      "proxy-authorization",
      "takes the caller's Proxy-Authorization to no other origin, and adds none",
      async () => {
        const sites = await openSites("http://a.test", "http://b.test");
        sites.chain("http://a.test/start", "http://b.test/end");
        const init = { headers: { "Proxy-Authorization": "Basic pr0xy" } };
        await travel(withCredentials(sites.fetch), "http://a.test/start", init);
        expect(sites.at("http://b.test").last.headers).not.toHaveProperty("proxy-authorization");
        await travel(withCredentials(sites.fetch), "http://a.test/start");
        expect(sites.at("http://a.test").last.headers).not.toHaveProperty("proxy-authorization");
      },
    );

    rows.spec("cookie-header", "takes the caller's Cookie to no other origin, nor back", async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://a.test/again", "http://b.test/via", "http://a.test/end");
      const home = sites.at("http://a.test");
      await travel(headerScheme()(sites.fetch), "http://a.test/start", { headers: { cookie: "sid=c4llers" } });
      expect(home.visits.map(({ headers }) => headers.cookie)).toEqual(["sid=c4llers", "sid=c4llers", undefined]);
      expect(sites.at("http://b.test").last.headers).not.toHaveProperty("cookie");
    });

    rows.spec(
      "referer-userinfo",
      "lets neither a Referer nor an error show the user and password of a URL",
      async () => {
        const sites = await openSites("http://a.test", "http://b.test");
        sites.chain("http://a.test/start", "http://a.test/again", "http://b.test/end");
        // A Request can't have such a URL: the platform refuses to make it.
        await basicScheme()(sites.fetch)("http://us3r:pa55@a.test/start");
        expect(secretBytes(sites.at("http://a.test").wire + sites.at("http://b.test").wire, ["us3r", "pa55"])).toBe(0);

        sites.at("http://a.test").redirect("/again", "ftp://a.test/");
        const error = await failureOf(basicScheme()(sites.fetch)("http://us3r:pa55@a.test/start"));
        expect(isAuthError(error, "ERR_AUTHFLOW_REDIRECT_TARGET")).toBe(true);
        expect(secretBytes(inspect(error, { depth: Infinity, showHidden: true }), ["us3r", "pa55"])).toBe(0);
      },
    );

    rows.spec("too-many", "follows 20 redirects as fetch does, the 21st is a typed error", async () => {
      const sites = await openSites("http://a.test");
      const site = sites.at("http://a.test");
      site.on("/", ({ target }) => {
        const left = Number(new URL(target, "http://a.test").searchParams.get("left"));
        return left > 0 ? { status: 302, headers: { location: `/?left=${left - 1}` } } : {};
      });
      expect((await travel(basicScheme()(sites.fetch), "http://a.test/?left=20")).status).toBe(200);
      expect((await travel(sites.fetch, "http://a.test/?left=20")).status).toBe(200);

      site.visits.length = 0;
      await expect(travel(basicScheme()(sites.fetch), "http://a.test/?left=21")).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_TOO_MANY_REDIRECTS",
        url: "http://a.test/?left=1",
      });
      expect(site.visits).toHaveLength(21);
      await expect(travel(sites.fetch, "http://a.test/?left=21")).rejects.toThrow(TypeError);
      expect(site.visits).toHaveLength(42);
    });

    rows.complete();
  },
);
