// conformance/security.json, over all packages: SECURITY.md leads from each case to a test that is named by it, or says why it
// can't be one of fetch. The tests of what concerns several packages are here.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { anyOf, createAuthFetch } from "@authflow/core";
import { digest } from "@authflow/digest";
import { digestResponse } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");

const USER = { username: "finley", password: "secret" };
type Answer = (authorization: string | null) => ResponseInit;

/** A fetch that keeps the Authorization headers that it was sent, and answers by them. */
function recording(answer: Answer = () => ({})): {
  sent: (string | null)[];
  fetch: (...call: [string, RequestInit?]) => Promise<Response>;
} {
  const sent: (string | null)[] = [];
  return {
    sent,
    async fetch(_url, init) {
      const authorization = new Headers(init?.headers).get("authorization");
      sent.push(authorization);
      return new Response(null, answer(authorization));
    },
  };
}

const lessons: Readonly<Record<string, () => Promise<void>>> = {
  // Passwords were compared without regard to case, and the connection of another user was taken.
  "CVE-2016-8616": async () => {
    const { sent, fetch } = recording();
    const authFetch = createAuthFetch({ fetch });
    for (const password of ["Secret", "secret", "SECRET", "Secret"]) {
      await authFetch("https://example.com/", { auth: ["finley", password] });
    }
    expect(sent).toEqual(["Secret", "secret", "SECRET", "Secret"].map((word) => `Basic ${btoa(`finley:${word}`)}`));
  },

  // A header that a regular expression reads for ever. The limit of time is that of the test: quadratic would take minutes.
  "requests-kerberos#145; CVE-2020-8492 (CPython urllib WWW-Authenticate)": async () => {
    const hostile = [",".repeat(64), ",".repeat(65_536), " ,".repeat(32_768), `Basic ${"a=,".repeat(20_000)}`];
    for (const [name, scheme] of Object.entries({
      basic: basic({ ...USER, preemptive: false }),
      bearer: bearer(async () => "t0ken"),
      digest: digest(USER),
      anyOf: anyOf(
        digest(USER),
        bearer(async () => "t0ken"),
        basic(USER),
      ),
    })) {
      for (const value of hostile) {
        const { sent, fetch } = recording(() => ({ status: 401, headers: { "www-authenticate": `${value} x` } }));
        const { status } = await scheme(fetch)("https://example.com/");
        expect([name, status, sent.length <= 2]).toEqual([name, 401, true]);
      }
    }
  },

  // What proves that somebody knows a password was compared up to the first difference. The time that it takes now can't be
  // a test; that every place counts is one.
  timing: async () => {
    const about = { algorithm: "SHA-256", realm: "r", nonce: "n", qop: "auth", nc: "00000001", cnonce: "c", uri: "/" };
    const proof = digestResponse({ ...USER, ...about, method: "" });
    const proven = (rspauth: string): Promise<Response> => {
      const { fetch } = recording((authorization) =>
        authorization === null
          ? {
              status: 401,
              headers: { "www-authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256' },
            }
          : { headers: { "authentication-info": `rspauth="${rspauth}", qop=auth` } },
      );
      return digest({ ...USER, cnonce: () => "c" })(fetch)("https://example.com/");
    };
    expect((await proven(proof)).status).toBe(200);
    for (const [place, digit] of Array.from(proof).entries()) {
      const wrong = proof.slice(0, place) + (digit === "0" ? "1" : "0") + proof.slice(place + 1);
      await expect(proven(wrong), `wrong at ${place}`).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_AUTH_VERIFICATION",
      });
    }
  },
};

describe("what went wrong elsewhere (conformance/security.json)", () => {
  it.each(Object.entries(lessons))("%s", { timeout: 60_000 }, (_, learned) => learned());
});

describe("conformance/security.json, over all packages", () => {
  const { items } = JSON.parse(read("conformance/security.json")) as { items: readonly { id: string }[] };
  const rows = new Map(
    Array.from(read("SECURITY.md").matchAll(/^\| `(.+?)` +\|.*\| (.+?) *\|$/gm), ([, id = "", here = ""]) => [
      id,
      here,
    ]),
  );

  it("has 38 entries", () => {
    expect(items).toHaveLength(38);
  });

  it.each(items)("$id: SECURITY.md leads to a test that is named by it, or says why there can be none", ({ id }) => {
    const here = rows.get(id) ?? "";
    const paths = Array.from(here.matchAll(/\]\(((?:packages|interop)\/[^)]+\.test\.ts)\)/g), ([, path = ""]) => path);
    const isNamed = paths.flatMap((path) => titlesIn(read(path))).some((title) => names(title, id));
    const reason = /^can't (?:be said with|happen in) fetch: .{60,}/.exec(here);
    expect([isNamed, reason?.[0]]).not.toEqual([false, undefined]);
  });
});

/** The titles of the tests of a file: first arguments, and the names of functions in a table that tests are made of. */
function titlesIn(source: string): readonly string[] {
  const first = /\b(?:it|test|describe|spec)(?:\.\w+)*\(\s*(["'`])(.+?)\1,/gs;
  const inTable = /^ +(["'])?([^"'\n]+?)\1?: (?:async )?\([^)]*\)(?:: [\w<>]+)? =>/gm;
  return [...source.matchAll(first), ...source.matchAll(inTable)].map(([, , title = ""]) => title);
}

/** A title is the case, or begins with it; one with a number of its own may stand anywhere in it. */
function names(title: string, id: string): boolean {
  return title === id || title.startsWith(`${id}:`) || (/\d{4}/.test(id) && title.includes(id));
}
