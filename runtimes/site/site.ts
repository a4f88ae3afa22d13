// Three origins on this machine, which every runtime talks to at the same time. A case asks for places that behave as it
// needs, and for what they saw.
import { setTimeout as wait } from "node:timers/promises";
import {
  type LoopbackServer,
  type ReceivedRequest,
  type ServerHandler,
  type ServerReply,
  startServer,
} from "@authflow/testing/server";
import { type Answer, answerOf, type Arrival, linesOf } from "./answers.ts";
import type { Behaviour, OriginName, Outcome, Seen } from "./behaviour.ts";

/** How long a request that is still coming in is waited for, in milliseconds, before it is told of as it is. */
const SETTLING = 2000;

/** A file that the site gives to browsers. */
export interface SiteFile {
  readonly type: string;
  readonly text: string;
}

export class Site implements AsyncDisposable {
  readonly #servers = new Map<OriginName, LoopbackServer>();
  readonly #places = new Map<string, Answer>();
  /** The requests of each case, in the order in which they came. */
  readonly #arrivals = new Map<string, Arrival[]>();
  /** Looks that are taken at each arrival. */
  readonly #waiting = new Set<() => void>();
  /** By path. */
  readonly files: Map<string, SiteFile> = new Map();
  /** Told of each outcome that a runtime reports, by the runtime. */
  readonly listeners: Map<string, (outcome: Outcome) => void> = new Map();

  static async start(): Promise<Site> {
    const site = new Site();
    for (const name of ["own", "here", "elsewhere"] as const) {
      site.#servers.set(name, await startServer(site.#handlerOf(name)));
    }
    return site;
  }

  origin(name: OriginName): string {
    return this.#servers.get(name)?.origin ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = await Promise.allSettled([...this.#servers.values()].map((server) => server.close()));
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }

  #handlerOf(origin: OriginName): ServerHandler {
    return async (request, wire) => {
      const { pathname, searchParams } = new URL(request.url);
      const [, room, ...names] = pathname.split("/");
      if (room === "control") return this.#control(names, searchParams, request);
      const file = this.files.get(pathname);
      if (file) return { headers: { "Content-Type": file.type, "Cache-Control": "no-store" }, body: file.text };
      // What a browser asks before it lets a page send something unusual elsewhere.
      const asked = request.headers.get("access-control-request-headers");
      if (request.method === "OPTIONS" && request.headers.has("access-control-request-method")) {
        return { status: 204, headers: { ...CORS, "Access-Control-Allow-Headers": asked ?? "*" } };
      }
      const [name = "", number = ""] = names;
      const arrival: Arrival = { origin, request };
      this.#arrivals.set(name, [...(this.#arrivals.get(name) ?? []), arrival]);
      for (const look of this.#waiting) look();
      const reply = await this.#places.get(`${name}/${number}`)?.(arrival, wire);
      return reply && { ...reply, headers: [...linesOf(reply.headers), ...Object.entries(CORS)] };
    };
  }

  /** What the cases ask of the site itself; no request for it is told of. */
  async #control(names: readonly string[], query: URLSearchParams, request: ReceivedRequest): Promise<ServerReply> {
    await request.ended;
    const [task, name = ""] = names;
    if (task === "report") {
      this.listeners.get(name)?.(JSON.parse(request.text) as Outcome); // run.ts of the specification wrote it
      return { status: 204 };
    }
    if (task === "serve") {
      this.#places.set(`${name}/${query.get("place")}`, answerOf(JSON.parse(request.text) as Behaviour)); // written by place.ts
      return { status: 204 };
    }
    if (task === "arrived") {
      await this.#arrived(name, Number(query.get("count")));
      return { status: 204 };
    }
    if (task === "seen") {
      const arrivals = this.#arrivals.get(name) ?? [];
      await Promise.race([
        Promise.all(arrivals.map(({ request: { ended, closed } }) => Promise.race([ended, closed]))),
        wait(SETTLING, undefined, { ref: false }),
      ]);
      return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(arrivals.map(seen)) };
    }
    return { status: 404 };
  }

  /** Waits for so many requests of a case. A client that gives up leaves a look behind, which costs nothing. */
  #arrived(name: string, count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if ((this.#arrivals.get(name)?.length ?? 0) < count) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A page of one origin may do everything at the other, except for what no server can allow. */
const CORS: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "*",
};

function seen({ origin, request, verdict }: Arrival): Seen {
  const { method, target, socket, length, sha256, text, complete } = request;
  const told = { origin, method, target, headers: Object.fromEntries(request.headers), socket, length, sha256 };
  return { ...told, text: text.slice(0, 2000), complete, ...(verdict === undefined ? {} : { verdict }) };
}
