import {
  type ReplyInit,
  type RequestExpectation,
  scriptedFetch,
  type ScriptedFetch,
  type ScriptStep,
  type VerifyCredentials,
} from "@authflow/testing";
import { digestResponse, digestServer, rawServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { ALGORITHMS, type DigestAlgorithm } from "./algorithm.ts";
import { casesOf } from "./fixtures/cases.ts";
import { answerIn, paramsIn } from "./fixtures/messages.ts";
import { digest, type DigestOptions } from "./index.ts";

/** A scripted server of conformance/flows.json. */
interface FlowCase {
  readonly id: string;
  readonly client: FlowClient;
  readonly calls: readonly FlowCall[];
  readonly server_steps: readonly {
    readonly expect: Record<string, unknown>;
    readonly reply: { readonly status: number; readonly headers?: unknown; readonly body?: string };
  }[];
  readonly result: {
    readonly statuses?: readonly number[];
    readonly errors?: readonly string[];
    readonly body?: string;
    readonly wire?: number;
    readonly wire_max?: number;
    readonly connections_max?: number;
    readonly unique?: readonly string[];
  };
  readonly parallel?: string;
}

interface FlowClient {
  readonly scheme?: string;
  readonly schemes?: readonly string[];
  readonly username: string;
  readonly password: string;
  readonly minAlgorithm?: DigestAlgorithm;
  readonly requireRspauth?: boolean;
  readonly verifyRspauth?: boolean;
  readonly probe?: "empty";
  readonly origins?: readonly string[];
}

interface FlowCall {
  readonly method: string;
  readonly path: string;
  readonly origin?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly stream?: string;
}

/** The origins that the cases call A, A2 and B. */
const ORIGINS: Readonly<Record<string, string>> = {
  A: "http://a.example",
  A2: "http://a.example:8080",
  B: "http://b.example",
};

/** The one place where the names of the file meet those of the options. */
function optionsOf({ username, password, minAlgorithm, requireRspauth, probe, origins }: FlowClient): DigestOptions {
  // `verifyRspauth` is what always happens. `schemes` has Basic beside Digest, which Digest never answers with.
  return {
    username,
    password,
    requireRspauth,
    probe,
    origins: origins?.map((name) => ORIGINS[name] ?? name),
    algorithms: minAlgorithm && ALGORITHMS.slice(0, ALGORITHMS.indexOf(minAlgorithm) + 1),
  };
}

const flows = (casesOf("flows.json") as readonly FlowCase[]).filter(
  ({ client: { scheme, schemes } }) => scheme === "digest" || schemes?.[0] === "digest",
);

/** Proves an answer with what it says itself, and the password. */
function verifierFor({ username, password }: FlowClient): VerifyCredentials {
  return ({ method, url, body, headers }, { params }) => {
    const {
      realm = "",
      nonce = "",
      uri = "",
      response,
      qop,
      nc,
      cnonce,
      algorithm = "MD5",
    } = Object.fromEntries(params);
    const { pathname, search } = new URL(url);
    if (uri !== pathname + search) return `the uri is ${uri}`;
    if (params.get("username") !== username) return "the username is another";
    expect(headers.get("authorization")).not.toContain("opaque"); // none of the servers sends one
    const given = { algorithm, username, password, realm, nonce, method, uri, qop, nc, cnonce };
    return response === digestResponse(given) || `the response is wrong for ${body.length} bytes`;
  };
}

/** The proof of a server that knows the password, for the request. */
function proofFor({ username, password }: FlowClient, request: { readonly method: string; readonly headers: Headers }) {
  const { realm = "", nonce = "", uri = "", qop, nc, cnonce, algorithm = "MD5" } = answerIn(request) ?? {};
  const given = { algorithm, username, password, realm, nonce, method: "", uri, qop, nc, cnonce };
  return `rspauth="${digestResponse(given)}", qop=${qop}, nc=${nc}, cnonce="${cnonce}"`;
}

/** The steps in the words of the scripted fetch. */
function stepsOf({ server_steps: steps, client }: FlowCase): ScriptStep[] {
  const written = JSON.stringify(steps)
    .replaceAll('"one_of"', '"oneOf"')
    .replaceAll(/\{(A2?|B)\}/g, (_, name: string) => ORIGINS[name] ?? name);
  return (JSON.parse(written) as { expect: RequestExpectation; reply: ReplyInit }[]).map(
    ({ expect: expected, reply }) => ({
      expect: { origin: "A", ...expected },
      reply: JSON.stringify(reply).includes("{RSPAUTH_OK}")
        ? (request) => ({ ...reply, headers: { "authentication-info": proofFor(client, request) } })
        : reply,
    }),
  );
}

/** Makes the calls, one after the other, or in parallel after the first. */
async function outcomesOf(
  { calls, parallel }: FlowCase,
  authFetch: (url: string, init: RequestInit) => Promise<Response>,
  urlOf: (call: FlowCall) => string,
): Promise<{ statuses: number[]; errors: string[]; bodies: string[] }> {
  const outcomes = { statuses: [] as number[], errors: [] as string[], bodies: [] as string[] };
  const make = async (call: FlowCall): Promise<void> => {
    const { method, headers = {}, body, stream } = call;
    const init = stream === undefined ? { body } : { body: new Blob([stream]).stream(), duplex: "half" };
    try {
      const response = await authFetch(urlOf(call), { method, headers, ...init } as RequestInit);
      outcomes.statuses.push(response.status);
      outcomes.bodies.push(await response.text());
    } catch (error) {
      outcomes.errors.push((error as Error).name);
    }
  };
  const [first, ...rest] = calls;
  if (first) await make(first);
  if (parallel === "after-first") await Promise.all(rest.map(make));
  else for (const call of rest) await make(call);
  return outcomes;
}

/** Cases about connections or about parallel calls: they need a server on this machine. */
const SERVED = new Set(["first-401-body-drained", "concurrent-10-warm", "concurrent-stale"]);

describe("conformance/flows.json, the scheme digest", () => {
  it("has cases", () => expect(flows.length).toBe(29));

  it.each(flows.filter(({ id }) => !SERVED.has(id)))("$id", async (one) => {
    const { client, result } = one;
    const fetch: ScriptedFetch = scriptedFetch(stepsOf(one), { origins: ORIGINS, verify: verifierFor(client) });
    const authFetch = digest(optionsOf(client))(fetch);
    const outcomes = await outcomesOf(one, authFetch, ({ origin = "A", path }) => `${ORIGINS[origin]}${path}`);
    if (result.wire !== undefined) {
      fetch.done();
      expect(fetch.calls).toHaveLength(result.wire);
    }
    expect(fetch.calls.length).toBeLessThanOrEqual(result.wire_max ?? Infinity);
    if (result.statuses) expect(outcomes.statuses).toEqual(result.statuses);
    expect(outcomes.errors).toEqual(result.errors ?? []);
    if (result.body !== undefined) expect(outcomes.bodies).toEqual([result.body]);
  });

  it("first-401-body-drained: its connection is used again (undici alternates between two)", async () => {
    const one = caseOf("first-401-body-drained");
    const { username, password } = one.client;
    await using server = await digestServer({ accounts: { [username]: password } });
    for (let cold = 0; cold < 5; cold++) {
      const outcomes = await outcomesOf(one, digest(optionsOf(one.client))(fetch), ({ path }) => server.url(path));
      expect(outcomes.statuses).toEqual(one.result.statuses);
    }
    expect(server.requests).toHaveLength(5 * (one.result.wire ?? 0));
    expect(server.sockets).toBeLessThanOrEqual(2);
  });

  it("concurrent-10-warm", async () => {
    const one = caseOf("concurrent-10-warm");
    const { username, password } = one.client;
    await using server = await digestServer({ accounts: { [username]: password }, counts: "unseen" });
    const outcomes = await outcomesOf(one, digest(optionsOf(one.client))(fetch), ({ path }) => server.url(path));
    expect(outcomes.statuses).toEqual(one.result.statuses);
    expect(server.requests).toHaveLength(one.result.wire ?? 0);
    const used = server.requests.slice(1).map((request) => one.result.unique?.map((name) => answerIn(request)?.[name]));
    expect(new Set(used.map(String)).size).toBe(used.length);
  });

  it("concurrent-stale", async () => {
    const one = caseOf("concurrent-stale");
    const { username, password } = one.client;
    await using server = await digestServer({ accounts: { [username]: password }, nonceUses: 1 });
    const outcomes = await outcomesOf(one, digest(optionsOf(one.client))(fetch), ({ path }) => server.url(path));
    expect(outcomes.statuses).toEqual(one.calls.map(() => 200));
    expect(server.requests.length).toBeLessThanOrEqual(one.result.wire_max ?? 0);
  });

  it("patch-case, over a connection: the digest is of the method as it goes out", async () => {
    const one = caseOf("patch-case");
    await using server = await rawServer(({ head }) =>
      /^authorization:/im.test(head)
        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        : 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="r", nonce="n1"\r\nContent-Length: 0\r\n\r\n',
    );
    const outcomes = await outcomesOf(one, digest(optionsOf(one.client))(fetch), ({ path }) => server.url(path));
    expect(outcomes.statuses).toEqual(one.result.statuses);
    expect(server.requests.map(({ head }) => head.split(" ")[0])).toEqual(["patch", "patch"]);
    const { username, password } = one.client;
    const given = { algorithm: "MD5", username, password, realm: "r", nonce: "n1", method: "patch", uri: "/a" };
    expect(server.requests[1]?.head).toContain(`response="${digestResponse(given)}"`);
  });

  it("redirect-same-origin-digest: the header is computed anew, not replayed", async () => {
    const one = caseOf("redirect-same-origin-digest");
    const fetch = scriptedFetch(stepsOf(one), { origins: ORIGINS, verify: verifierFor(one.client) });
    await digest(optionsOf(one.client))(fetch)("http://a.example/r");
    expect(paramsIn(fetch.calls, "uri")).toEqual([undefined, "/r", "/t"]);
    expect(paramsIn(fetch.calls, "nc")).toEqual([undefined, "00000001", "00000002"]);
  });
});

function caseOf(id: string): FlowCase {
  return flows.find((one) => one.id === id) ?? expect.fail(id);
}
