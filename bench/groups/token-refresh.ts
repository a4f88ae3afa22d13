// How often the token endpoint is called, and how many calls succeed, when an access token ends under load.
import { setTimeout as pause } from "node:timers/promises";
import type { Row } from "../report/table.ts";
import type { Group } from "./group.ts";
import { type Get, OURS, PEERS, type RefreshClient } from "./token-refresh-clients.ts";
import { RefreshServer } from "./token-refresh-server.ts";

export interface Case {
  readonly name: string;
  readonly calls: number;
  /** How many milliseconds lie between the begin of one call and that of the next. Default: none. */
  readonly apart?: number;
  /** Whether the client knows that the token has ended. */
  readonly isKnown?: boolean;
  /** Whether the call that asked for the new token is aborted meanwhile. */
  readonly aborts?: boolean;
}

export const REFRESH_CASES: readonly Case[] = [
  { name: "1 call", calls: 1 },
  { name: "100 calls at once", calls: 100 },
  { name: "100 calls, 1 ms apart", calls: 100, apart: 1 },
  { name: "100 calls at once, expiry known", calls: 100, isKnown: true },
  { name: "100 calls at once, the first is aborted", calls: 100, aborts: true },
];

export const tokenRefresh: Group = {
  title: "OAuth 2: a refresh token that is good once, and 100 calls whose access token has ended",
  async measure() {
    const rows: Row[] = [];
    for (const one of REFRESH_CASES) {
      const own = await count(OURS, one);
      const others: Counted[] = [];
      for (const client of PEERS) others.push(await count(client, one));
      rows.push({ cells: [one.name, ...[own, ...others].map(({ cell }) => cell), limitOf(one)], within: own.isWithin });
    }
    return {
      columns: ["", OURS.name, ...PEERS.map(({ name }) => name), "limit", ""],
      rows,
      notes: [
        "Token calls, calls that succeed, 401s of the API. The token endpoint takes 20 ms. Who brings a refresh token a second time loses all that came of the login (RFC 9700 §4.14.2), so a client that refreshes twice is logged out, and the calls that come after it fail.",
        "Each has the tokens of a login and no way to log in again. `withOAuth` has no clock, and the hook is the one of ky's README.",
      ],
    };
  },
};

export interface Counted {
  readonly cell: string;
  /** Whether it is as good as can be. */
  readonly isWithin: boolean;
}

/** What a client needs for a case. */
export async function count(client: RefreshClient, one: Case): Promise<Counted> {
  await using server = await RefreshServer.start();
  const login = { server, tokens: server.expired(), expiresAt: one.isKnown ? Date.now() - 1 : undefined };
  try {
    const get = await client.make(login);
    const successes = await succeeded(server, get, one);
    const { tokenCalls, refusals } = server;
    const isWithin = tokenCalls === 1 && successes === wanted(one) && (!one.isKnown || refusals === 0);
    return { cell: `${tokenCalls}, ${successes}, ${refusals}`, isWithin };
  } catch (error) {
    return { cell: `not here: ${error instanceof Error ? error.message : String(error)}`, isWithin: false };
  }
}

async function succeeded(server: RefreshServer, get: Get, one: Case): Promise<number> {
  const { apart = 0, aborts = false } = one;
  const controller = new AbortController();
  if (aborts) server.onTokenCall = () => controller.abort();
  const calls: Promise<boolean>[] = [];
  for (let call = 0; call < one.calls; call++) {
    if (call > 0 && apart > 0) await pause(apart);
    const signal = aborts && call === 0 ? controller.signal : undefined;
    calls.push(succeeds(get(server.url(`/${call}`), signal)));
  }
  return (await Promise.all(calls)).filter(Boolean).length;
}

async function succeeds(call: Promise<Response>): Promise<boolean> {
  try {
    const response = await call;
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** How many calls have to succeed. */
const wanted = ({ calls, aborts }: Case): number => (aborts ? calls - 1 : calls);

const limitOf = (one: Case): string => `1, ${wanted(one)}${one.isKnown ? ", 0" : ""}`;
