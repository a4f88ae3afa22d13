// Whether a connection can be used again after a 401: one call after the other, each of which is challenged.
import { basic } from "@authflow/basic";
import { fetch as undiciFetch } from "undici";
import { Child } from "../children/child.ts";
import type { Row } from "../report/table.ts";
import { time } from "../report/units.ts";
import type { Group } from "./group.ts";

/** As many connections as undici may alternate between. */
const LIMIT = 2;

interface Answer {
  readonly status: number;
  text(): Promise<string>;
}

interface Client {
  readonly name: string;
  readonly limit?: number;
  readonly call: (url: string) => Promise<Answer>;
}

const CLIENTS: readonly Client[] = [
  { name: "basic, preemptive: false, on Node's fetch", limit: LIMIT, call: (url) => challenged()(fetch)(url) },
  { name: "the same on undici's own fetch", limit: LIMIT, call: (url) => challenged()(undiciFetch)(url) },
  { name: "by hand, the body of the 401 read", call: (url) => byHand(url, true) },
  { name: "by hand, the body of the 401 left", call: (url) => byHand(url, false) },
];

export const sockets: Group = {
  title: "Sockets of sequential calls, each with a 401",
  async measure(quick) {
    const calls = quick ? 500 : 10_000;
    const rows: Row[] = [];
    for (const client of CLIENTS) rows.push(await count(client, calls));
    return {
      columns: ["", "calls", "requests", "sockets", "time a call", "limit", ""],
      rows,
      notes: [
        "Counted at the server, which is a process of its own. The body of each 401 is 10 kB; every call is challenged, since the scheme is a new one each time, which has been nowhere yet.",
      ],
    };
  },
};

// Made anew for each call: one that was let in would send its credentials unasked the next time.
function challenged(): ReturnType<typeof basic> {
  return basic({ username: "finley", password: "secret", preemptive: false });
}

async function byHand(url: string, reads: boolean): Promise<Response> {
  const response = await fetch(url);
  if (response.status !== 401) return response;
  if (reads) await response.text();
  return fetch(url, { headers: { authorization: `Basic ${btoa("finley:secret")}` } });
}

async function count({ name, limit, call }: Client, calls: number): Promise<Row> {
  await using server = new Child("server.ts");
  const url = `${await server.next<string>()}/protected`;
  const start = performance.now();
  for (let done = 0; done < calls; done++) {
    const response = await call(url);
    await response.text();
    if (response.status !== 200) throw new Error(`${name}: a call ended with ${response.status}.`);
  }
  const took = ((performance.now() - start) * 1000) / calls;
  const opened = await server.ask<{ sockets: number; requests: number }>("counts");
  if (opened.requests !== 2 * calls) throw new Error(`${name}: ${opened.requests} requests for ${calls} calls.`);
  return {
    cells: [
      name,
      String(calls),
      String(opened.requests),
      String(opened.sockets),
      time(took),
      limit === undefined ? "" : `≤ ${limit}`,
    ],
    within: limit === undefined ? undefined : opened.sockets <= limit,
  };
}
