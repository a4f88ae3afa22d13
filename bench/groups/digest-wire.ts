// How many requests a client needs, against a server that takes Digest at its word.
import { digestServer, type DigestServerOptions, startServer } from "@authflow/testing/server";
import type { Row } from "../report/table.ts";
import { type DigestClient, type Ending, OURS, PEERS } from "./digest-clients.ts";
import type { Group } from "./group.ts";

export interface Case {
  readonly name: string;
  /** The server's; none is a server that asks for another scheme. */
  readonly rules: DigestServerOptions | undefined;
  readonly calls: number;
  readonly atOnce?: boolean;
  /** Whether the client has been there before. */
  readonly isWarm?: boolean;
  readonly password?: string;
  /** How each call has to end. */
  readonly status: number;
  readonly limit: number;
}

const ANY_COUNT: DigestServerOptions = { counts: "unseen" };
const NEXT_COUNT: DigestServerOptions = { counts: "next" };

export const WIRE_CASES: readonly Case[] = [
  { name: "100 in turn", rules: ANY_COUNT, calls: 100, status: 200, limit: 101 },
  { name: "100 at once, cold", rules: ANY_COUNT, calls: 100, atOnce: true, status: 200, limit: 101 },
  { name: "100 at once, warm", rules: ANY_COUNT, calls: 100, atOnce: true, isWarm: true, status: 200, limit: 100 },
  { name: "100 in turn, each nc the last + 1", rules: NEXT_COUNT, calls: 100, status: 200, limit: 101 },
  {
    name: "100 in turn, nextnonce every 10",
    rules: { ...NEXT_COUNT, nextNonceEvery: 10, nonceUses: 10 },
    calls: 100,
    status: 200,
    limit: 101,
  },
  {
    name: "100 in turn, nonce dead after 10",
    rules: { ...NEXT_COUNT, nonceUses: 10 },
    calls: 100,
    status: 200,
    limit: 110,
  },
  { name: "1 with a wrong password", rules: ANY_COUNT, calls: 1, password: "wrong", status: 401, limit: 2 },
  { name: "1 to a server of another scheme", rules: undefined, calls: 1, status: 401, limit: 1 },
];

export const digestWire: Group = {
  title: "Digest: requests on the wire",
  async measure() {
    const rows: Row[] = [];
    const failures: Failure[] = [];
    for (const one of WIRE_CASES) {
      const own = await count(OURS, one);
      const others: Counted[] = [];
      for (const client of PEERS) others.push(await count(client, one));
      for (const { failure } of [own, ...others]) if (failure) failures.push(failure);
      rows.push({
        cells: [one.name, own.cell, `≤ ${one.limit}`, ...others.map(({ cell }) => cell)],
        within: own.requests !== undefined && own.requests <= one.limit,
      });
    }
    return {
      columns: ["", OURS.name, "limit", ...PEERS.map(({ name }) => name), ""],
      rows,
      notes: [
        "The requests that the server of `@authflow/testing` got. It computes each response anew, refuses what isn't written as the RFC writes it, and takes each count (`nc`) of a nonce once, or only the one after the last where it says so. It asks for MD5, which all of these know, in one challenge; each of the calls has a path of its own, and its body is read.",
        "— is what a client has no way to do. Where calls don't end as they have to, the table says how many, and this is why the first was refused (`nc is 16 after 9` is a 10 in decimal):",
        ...reasonsOf(failures),
      ],
    };
  },
};

interface Failure {
  readonly client: string;
  readonly reason: string;
}

export interface Counted {
  readonly cell: string;
  /** `undefined` where the calls didn't end as they have to. */
  readonly requests?: number;
  readonly failure?: Failure;
}

export async function count(client: DigestClient, one: Case): Promise<Counted> {
  await using server = await serverOf(one.rules, client.assumesMd5 !== true);
  const { calls, atOnce = false, isWarm = false, password = "secret" } = one;
  const before = isWarm ? 1 : 0;
  const username = "finley";
  let endings: readonly Ending[] | undefined;
  try {
    endings = await client.make({ url: server.url("/"), username, password, count: calls, atOnce, before });
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll("\n", " ");
    return { cell: "not here", failure: { client: client.name, reason } };
  }
  if (endings === undefined) return { cell: "—" };
  const failed = endings.filter((ending) => ending !== one.status);
  if (failed.length > 0) {
    const failure = { client: client.name, reason: server.refusal() ?? String(failed[0]) };
    return { cell: `${failed.length} fail`, failure };
  }
  const requests = server.requests.length - 2 * before; // the first of all calls is two
  return { cell: String(requests), requests };
}

interface Server extends AsyncDisposable {
  readonly requests: readonly unknown[];
  url(path: string): string;
  /** Why it refused the first request that it should have taken. */
  refusal(): string | undefined;
}

/** What is no failure of a client: it hasn't been asked yet, or the nonce has ended as announced. */
const ORDERLY: ReadonlySet<string> = new Set(["accepted", "no credentials", "the nonce is used up"]);

async function serverOf(rules: DigestServerOptions | undefined, namesAlgorithm: boolean): Promise<Server> {
  if (!rules) {
    const token = await startServer(() => ({ status: 401, headers: { "WWW-Authenticate": 'Token realm="bench"' } }));
    return Object.assign(token, { refusal: () => undefined });
  }
  const server = await digestServer({ ...rules, algorithms: ["MD5"], namesAlgorithm });
  return Object.assign(server, {
    refusal: () => server.verdicts.map(({ reason }) => reason).find((reason) => !ORDERLY.has(reason)),
  });
}

/** A line for each client, with its first reasons. */
function reasonsOf(failures: readonly Failure[]): string[] {
  const reasons = new Map<string, Set<string>>();
  for (const { client, reason } of failures) reasons.set(client, (reasons.get(client) ?? new Set()).add(reason));
  const lines = [...reasons].map(([client, all]) => `- ${client}: ${[...all].slice(0, 2).join("; ")}`);
  return lines.length > 0 ? [lines.join("\n")] : [];
}
