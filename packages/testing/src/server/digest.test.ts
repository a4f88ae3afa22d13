import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { parseChallenges } from "@authflow/challenge";
import { describe, expect, test } from "vitest";
import { digestServer, type DigestServer } from "./digest.ts";
import { digestHash, digestResponse } from "./digest-arithmetic.ts";
import { DigestVerifier } from "./digest-verifier.ts";

const H = (text: string, name = "sha256"): string => createHash(name).update(text, "latin1").digest("hex");
const OPAQUE = 'opaque="opaque"';

/** The nonce of the challenge for an algorithm. */
async function nonceOf(server: DigestServer, algorithm = "SHA-256"): Promise<string> {
  const { headers } = await fetch(server.url());
  const challenge = parseChallenges(headers).find(({ params }) => params.get("algorithm") === algorithm);
  return challenge?.params.get("nonce") ?? expect.fail(`${headers.get("www-authenticate")}`);
}

interface Given {
  readonly nonce: string;
  readonly nc?: string;
  readonly password?: string;
  readonly change?: (header: string) => string;
  readonly uri?: string;
}

/** Credentials for GET /, written by hand, and changed. */
function credentials({
  nonce,
  nc = "00000001",
  password = "secret",
  change = (header) => header,
  uri = "/",
}: Given): string {
  const response = H(`${H(`finley:authflow:${password}`)}:${nonce}:${nc}:c1:auth:${H(`GET:${uri}`)}`);
  return change(
    `Digest username="finley", realm="authflow", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, ` +
      `response="${response}", ${OPAQUE}, qop=auth, nc=${nc}, cnonce="c1"`,
  );
}

async function outcome(server: DigestServer, authorization: string, path = "/"): Promise<[number, string | undefined]> {
  const response = await fetch(server.url(path), { headers: { authorization } });
  await response.arrayBuffer();
  return [response.status, server.verdicts.at(-1)?.reason];
}

test("challenges who sends no credentials, with a line for each algorithm (RFC 7616 §3.3)", async () => {
  await using server = await digestServer({ realm: 'the "wiki"', domain: "/a /b", userhash: true, nonce: () => "n" });
  const response = await fetch(server.url());
  const rest = 'qop="auth", charset=UTF-8, userhash=true';
  const params = String.raw`realm="the \"wiki\"", domain="/a /b", nonce="n", opaque="opaque"`;
  expect(response.headers.get("www-authenticate")).toBe(
    `Digest ${params}, algorithm=SHA-256, ${rest}, Digest ${params}, algorithm=MD5, ${rest}`,
  );
  expect(server.verdicts).toMatchObject([{ status: 401, reason: "no credentials" }]);
});

test("lets in who knows the password, and proves that it knows it, too (§3.5)", async () => {
  await using server = await digestServer();
  const nonce = await nonceOf(server);
  const response = await fetch(server.url(), { headers: { authorization: credentials({ nonce }) } });
  const body = await response.text();
  expect([response.status, JSON.parse(body)]).toMatchObject([200, { method: "GET" }]);
  const rspauth = H(`${H("finley:authflow:secret")}:${nonce}:00000001:c1:auth:${H(":/")}`);
  expect(response.headers.get("authentication-info")).toBe(`rspauth="${rspauth}", qop=auth, nc=00000001, cnonce="c1"`);
});

test.each<[string, Omit<Given, "nonce">, string]>([
  ["another password", { password: "Secret" }, "the response is wrong"],
  ["another user", { change: (header) => header.replace("finley", "other") }, "the username is unknown"],
  [
    "a name of Object.prototype",
    { change: (header) => header.replace("finley", "constructor") },
    "the username is unknown",
  ],
])("refuses %s with 401, which is not stale", async (_, given, reason) => {
  await using server = await digestServer();
  expect(await outcome(server, credentials({ nonce: await nonceOf(server), ...given }))).toEqual([401, reason]);
  const headers = { authorization: credentials({ nonce: await nonceOf(server), ...given }) };
  expect((await fetch(server.url(), { headers })).headers.get("www-authenticate")).not.toContain("stale");
});

test.each<[string, (header: string) => string, string | RegExp]>([
  ["a uri that isn't what was asked for", (text) => text.replace('uri="/"', 'uri="/x"'), /^uri is \/x/],
  ["another realm", (text) => text.replace('realm="authflow"', 'realm="x"'), "realm is another"],
  ["no realm", (text) => text.replace('realm="authflow", ', ""), "realm is missing"],
  ["no nonce", (text) => text.replace(/nonce="[^"]+", /, ""), "nonce is missing"],
  ["no response", (text) => text.replace(/response="[^"]+", /, ""), "response is missing"],
  ["no username", (text) => text.replace('username="finley", ', ""), /either username or username\*/],
  ["both usernames", (text) => `${text}, username*=UTF-8''finley`, /either username or username\*/],
  ["another opaque", (text) => text.replace(OPAQUE, 'opaque="x"'), "opaque is not what was sent"],
  ["no opaque", (text) => text.replace(`${OPAQUE}, `, ""), "opaque is not what was sent"],
  ["an algorithm in another letter case", (text) => text.replace("SHA-256", "sha-256"), /was not offered$/],
  ["no algorithm", (text) => text.replace("algorithm=SHA-256, ", ""), /was not offered$/],
  ["a qop that wasn't offered", (text) => text.replace("qop=auth", "qop=auth-int"), /^qop is auth-int/],
  ["no qop", (text) => text.replace("qop=auth, nc=00000001, ", ""), /^qop is undefined/],
  ["a userhash that wasn't offered", (text) => `${text}, userhash=true`, "userhash is there"],
  ["a userhash of another value", (text) => `${text}, userhash=false`, "userhash is not true"],
  ["a quoted qop", (text) => text.replace("qop=auth", 'qop="auth"'), "qop is quoted"],
  ["a quoted nc", (text) => text.replace("nc=00000001", 'nc="00000001"'), "nc is quoted"],
  ["a quoted algorithm", (text) => text.replace("algorithm=SHA-256", 'algorithm="SHA-256"'), "algorithm is quoted"],
  ["a bare username", (text) => text.replace('"finley"', "finley"), "username is not quoted"],
  ["an nc of one digit", (text) => text.replace("nc=00000001", "nc=1"), /^nc is not eight/],
  ["an nc in capitals", (text) => text.replace("nc=00000001", "nc=0000000A"), /^nc is not eight/],
  ["no nc", (text) => text.replace("nc=00000001, ", ""), /^nc is not eight/],
  ["no cnonce", (text) => text.replace(', cnonce="c1"', ""), "cnonce is missing"],
  ["an empty cnonce", (text) => text.replace('"c1"', '""'), "cnonce is missing"],
  ["a parameter twice", (text) => `${text}, realm="authflow"`, "realm is there twice"],
  ["a quote that nobody closes", (text) => text.replace('"c1"', '"c1'), /can't be read/],
  ["semicolons", (text) => text.replaceAll(", ", "; "), /can't be read/],
  ["a scheme in small letters", (text) => text.replace("Digest", "digest"), /doesn't begin with Digest/],
])("refuses %s with 400", async (_, change, reason) => {
  await using server = await digestServer();
  const [status, given] = await outcome(server, credentials({ nonce: await nonceOf(server), change }));
  expect(status).toBe(400);
  expect(given).toEqual(typeof reason === "string" ? reason : expect.stringMatching(reason));
});

describe("the count of a nonce (§3.4, nc)", () => {
  async function statuses(
    counts: "next" | "unseen",
    ...given: readonly string[]
  ): Promise<[number, string | undefined][]> {
    await using server = await digestServer({ counts });
    const nonce = await nonceOf(server);
    const all: [number, string | undefined][] = [];
    for (const nc of given) all.push(await outcome(server, credentials({ nonce, nc })));
    return all;
  }
  const accepted = [200, "accepted"];

  test("has to be one more than the last", async () => {
    expect(await statuses("next", "00000001", "00000002", "00000002", "00000004", "00000003")).toEqual([
      accepted,
      accepted,
      [401, "nc is 2 after 2"],
      [401, "nc is 4 after 2"],
      accepted,
    ]);
  });

  test("has to be one that was not there before, in any order", async () => {
    expect(await statuses("unseen", "0000000a", "00000001", "0000000a", "ffffffff")).toEqual([
      accepted,
      accepted,
      [401, "nc 10 was there before"],
      accepted,
    ]);
  });

  test("isn't looked at before the response, so that nobody else can use it up", async () => {
    await using server = await digestServer();
    const nonce = await nonceOf(server);
    expect(await outcome(server, credentials({ nonce, password: "x" }))).toEqual([401, "the response is wrong"]);
    expect(await outcome(server, credentials({ nonce }))).toEqual(accepted);
  });
});

describe("a nonce", () => {
  test.each([
    ["stale", undefined],
    ["not called stale", false],
  ])("is good for so many uses, and %s then", async (_, stale) => {
    await using server = await digestServer({ nonceUses: 2, stale });
    const nonce = await nonceOf(server);
    for (const nc of ["00000001", "00000002"])
      expect(await outcome(server, credentials({ nonce, nc }))).toEqual([200, "accepted"]);
    const headers = { authorization: credentials({ nonce, nc: "00000003" }) };
    const response = await fetch(server.url(), { headers });
    expect(response.headers.get("www-authenticate")?.includes("stale=true")).toBe(stale ?? true);
    expect(server.verdicts.at(-1)?.reason).toBe("the nonce is used up");
  });

  test("is good for so long, by the clock that the server is given", async () => {
    let now = 0;
    await using server = await digestServer({ nonceLifetime: 1000, now: () => now });
    const nonce = await nonceOf(server);
    now = 999;
    expect(await outcome(server, credentials({ nonce }))).toEqual([200, "accepted"]);
    now = 1000;
    expect(await outcome(server, credentials({ nonce, nc: "00000002" }))).toEqual([401, "the nonce is too old"]);
  });

  test("has to be the server's own, one that is not expired, and for that algorithm", async () => {
    await using server = await digestServer();
    expect(await outcome(server, credentials({ nonce: "n1" }))).toEqual([401, "the nonce is unknown"]);
    const other = await nonceOf(server, "MD5");
    expect(await outcome(server, credentials({ nonce: other }))).toEqual([401, "the nonce is for another algorithm"]);
    const nonce = await nonceOf(server);
    server.expire();
    expect(await outcome(server, credentials({ nonce }))).toEqual([401, "the nonce is unknown"]);
  });

  test("names the next one after so many uses (§3.5, nextnonce)", async () => {
    await using server = await digestServer({ nextNonceEvery: 2, rspauth: false });
    const nonce = await nonceOf(server);
    const infos: (string | null)[] = [];
    for (const nc of ["00000001", "00000002"]) {
      const response = await fetch(server.url(), { headers: { authorization: credentials({ nonce, nc }) } });
      infos.push(response.headers.get("authentication-info"));
    }
    expect(infos).toEqual([null, expect.stringMatching(/^nextnonce="[^"]+"$/)]);
    const [, next = ""] = /"(.+)"/.exec(infos[1] ?? "") ?? [];
    expect(await outcome(server, credentials({ nonce: next }))).toEqual([200, "accepted"]);
  });
});

test("protects the paths that it is told to, with everything below", async () => {
  await using server = await digestServer({ paths: ["/private"] });
  const paths = ["/", "/private", "/private/a?b", "/privateer"];
  const statuses = await Promise.all(paths.map(async (path) => (await fetch(server.url(path))).status));
  expect(statuses).toEqual([200, 401, 401, 200]);
  expect(server.verdicts).toHaveLength(2);
});

test("holds an answer back as long as `onRequest` waits", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await using server = await digestServer({ onRequest: () => held });
  const response = fetch(server.url());
  await server.received(1);
  expect(server.verdicts).toEqual([]);
  release();
  expect((await response).status).toBe(401);
});

test("refuses an algorithm that it doesn't know, at once", async () => {
  await expect(digestServer({ algorithms: ["SHA-3"] })).rejects.toThrow("SHA-3");
  expect(() => digestHash("constructor", "")).toThrow("constructor");
});

test("says so where a body is too long to be digested with what is kept of it", async () => {
  const server = await digestServer({ qop: "auth-int", algorithms: ["MD5"], opaque: null, nonce: () => "n1" });
  const body = "x".repeat(70_000);
  const head = 'Digest username="finley", realm="authflow", nonce="n1", uri="/", algorithm=MD5, response="x"';
  const headers = { authorization: `${head}, qop=auth-int, nc=00000001, cnonce="c"` };
  expect((await fetch(server.url(), { method: "POST", body, headers })).status).toBe(500);
  await expect(server.close()).rejects.toThrow("70000 bytes");
});

test("computes the examples that RFC 7616 §3.9.1 and RFC 2617 §3.5 print", () => {
  const mufasa = { username: "Mufasa", method: "GET", uri: "/dir/index.html", qop: "auth", nc: "00000001" };
  const once = {
    nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  };
  const rfc7616 = { ...mufasa, ...once, password: "Circle of Life", realm: "http-auth@example.org" };
  expect(digestResponse({ ...rfc7616, algorithm: "MD5" })).toBe("8ca523f5e9506fed4657c9700eebdbec");
  expect(digestResponse({ ...rfc7616, algorithm: "SHA-256" })).toBe(
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  );
  const rfc2617 = { ...mufasa, password: "Circle Of Life", realm: "testrealm@host.com", cnonce: "0a4f113b" };
  expect(digestResponse({ ...rfc2617, algorithm: "MD5", nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093" })).toBe(
    "6629fae49393a05397450978507c4ef1",
  );
});

test("verifies without a network, too", () => {
  const verifier = new DigestVerifier({ nonce: () => "n1" });
  const request = { method: "GET", target: "/", entity: () => "" };
  expect(verifier.verify({ ...request, authorization: null }).status).toBe(401);
  expect(verifier.verify({ ...request, authorization: "Basic abc=" }).reason).toBe("no credentials");
  expect(verifier.verify({ ...request, authorization: credentials({ nonce: "n1" }) }).status).toBe(200);
  verifier.expire();
  expect(verifier.verify({ ...request, authorization: credentials({ nonce: "n1" }) }).status).toBe(401);
});

const run = promisify(execFile);
const [, curl] = /^curl (\S+)/.exec(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];

describe.skipIf(!curl)(`curl ${curl ?? "(left out: curl is not installed)"}, which others wrote,`, () => {
  // --disable comes first: no .curlrc has a say here.
  const options = ["--disable", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "10", "--digest"];

  test.each([
    ["MD5", {}],
    ["MD5", { qop: null }],
    ["MD5", { namesAlgorithm: false, qop: null }],
    ["MD5-sess", {}],
    ["SHA-256", {}],
    ["SHA-256", { userhash: true }],
    ["SHA-256-SESS", { realm: 'the "wiki"' }],
  ])("is let in with %s, %j", async (algorithm, rules) => {
    await using server = await digestServer({ ...rules, algorithms: [algorithm] });
    await run("curl", [...options, "--user", "finley:secret", server.url("/a?b=c"), server.url("/d")]);
    // For the second URL some versions ask again, and some use what they know.
    const reasons = server.verdicts.map(({ reason }) => reason).filter((reason) => reason !== "no credentials");
    expect(reasons).toEqual(["accepted", "accepted"]);
  });

  test("is refused with a wrong password", async () => {
    await using server = await digestServer();
    await expect(run("curl", [...options, "--user", "finley:Secret", server.url()])).rejects.toThrow("401");
    expect(server.verdicts.map(({ reason }) => reason)).toEqual(["no credentials", "the response is wrong"]);
  });
});
