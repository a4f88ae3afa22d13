// The servers of the soak: one at home, that asks for credentials, fails, and redirects, and one elsewhere, that should
// never see any.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CLIENT, MARK } from "../accounts.ts";
import type { Fault, Told } from "../plan.ts";
import { Gate, type Arrived } from "./gate.ts";

/** What the servers have seen. */
export interface Seen {
  requests: number;
  /** Requests to the other origin. */
  away: number;
  refusals: number;
  tokens: number;
  /** What must not be: credentials elsewhere, a body that looks whole and isn't. */
  readonly wrong: string[];
  readonly faults: Partial<Record<Fault, number>>;
  /** Connections: made in all, open now, most open at once. */
  readonly sockets: { made: number; open: number; most: number };
}

export class Site {
  readonly seen: Seen = {
    requests: 0,
    away: 0,
    refusals: 0,
    tokens: 0,
    wrong: [],
    faults: {},
    sockets: { made: 0, open: 0, most: 0 },
  };
  readonly #gate = new Gate();
  readonly #requestsOf = new Map<number, number>();
  #home = "";
  #away = "";

  /** Starts both; returns their origins. */
  async start(): Promise<{ home: string; away: string }> {
    this.#home = await this.#listen("127.0.0.1", (request, response) => this.#answer(request, response));
    // Another host, since some credentials are for a host and any port of it.
    this.#away = await this.#listen("localhost", (request, response) => this.#answerAway(request, response));
    return { home: this.#home, away: this.#away };
  }

  async #listen(
    name: string,
    handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  ): Promise<string> {
    const server: Server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
      handle(request, response).catch((error: unknown) => {
        request.socket.destroy();
        if (!(error instanceof ClientGone)) this.#wrong(`the server failed: ${String(error)}`);
      });
    });
    const { sockets } = this.seen;
    server.on("connection", (socket) => {
      sockets.made += 1;
      sockets.open += 1;
      sockets.most = Math.max(sockets.most, sockets.open);
      socket.on("close", () => {
        sockets.open -= 1;
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://${name}:${(server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.#home);
    this.seen.requests += 1;
    if (url.pathname === "/token") return this.#issue(request, response, url);
    const told = JSON.parse(url.searchParams.get("plan") ?? "") as Told; // the soak's own
    const count = this.#requestsOf.get(told.id) ?? 0;
    this.#requestsOf.set(told.id, count + 1);
    const fault = told.faults[count] ?? "none";
    this.seen.faults[fault] = (this.seen.faults[fault] ?? 0) + 1;

    if (fault === "resets-early") return void request.socket.resetAndDestroy();
    if (fault === "expires") this.#gate.expire();
    if (fault === "late") await sleep(20);
    const hasReturned = url.searchParams.get("hop") === "back" && !told.returns;
    if (hasReturned) this.#expectNone(request, "on the way back");
    const isGuest = hasReturned || told.wants === "nothing";
    if (fault === "early" && !isGuest && isBare(request, url)) return this.#refuseEarly(request, response, told);
    const arrived = await readWhole(request);
    this.#expectWhole(arrived, told);
    if (fault === "resets") return void request.socket.resetAndDestroy();
    if (fault === "stalls") return undefined;

    const verdict = this.#gate.judge(isGuest ? "nothing" : told.wants, arrived);
    if (!verdict.isWelcome) this.seen.refusals += 1;
    const location = verdict.isWelcome ? this.#locationAfter(url, told) : undefined;
    const payload = payloadOf(arrived, verdict.isWelcome ? told.answer : 300);
    const status = verdict.isWelcome ? (location === undefined ? 200 : (told.redirect?.status ?? 302)) : 401;
    for (const [name, value] of verdict.fields(payload)) response.appendHeader(name, value);
    if (location !== undefined) response.setHeader("Location", location);
    send(response.writeHead.bind(response, status), response, payload, fault);
  }

  /** Says no before the body has come in, which is read then. */
  #refuseEarly(request: IncomingMessage, response: ServerResponse, told: Told): void {
    this.seen.refusals += 1;
    const nobody: Arrived = {
      method: request.method ?? "",
      target: "/",
      headers: new Headers(),
      body: new Uint8Array(),
    };
    for (const [name, value] of this.#gate.judge(told.wants, nobody).fields("")) response.appendHeader(name, value);
    response.writeHead(401, { "Content-Length": 0 }).end();
    request.resume();
  }

  /** Where a redirect of the plan leads from here; undefined where the call is at its end. */
  #locationAfter(url: URL, { redirect }: Told): string | undefined {
    const hop = url.searchParams.get("hop");
    if (!redirect || hop !== null) return undefined;
    const next = new URL(url); // with everything that the query holds, as careless servers do
    next.searchParams.set("hop", redirect.way);
    return redirect.way === "home" ? next.pathname + next.search : `${this.#away}${next.pathname}${next.search}`;
  }

  async #answerAway(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.#away);
    this.seen.requests += 1;
    this.seen.away += 1;
    this.#expectNone(request, "at another origin");
    const told = JSON.parse(url.searchParams.get("plan") ?? "") as Told; // the soak's own
    const arrived = await readWhole(request);
    this.#expectWhole(arrived, told);
    if (told.redirect?.way === "back") {
      response.writeHead(told.redirect.status, { Location: `${this.#home}${url.pathname}${url.search}` }).end();
      return;
    }
    const payload = payloadOf(arrived, told.answer);
    send(response.writeHead.bind(response, 200), response, payload, "none");
  }

  /** The token endpoint: of OAuth 2 where the client proves itself, and of a function that asks by itself. */
  async #issue(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const arrived = await readWhole(request);
    this.seen.tokens += 1;
    const isFaulty = this.seen.tokens % 10 === 0;
    if (isFaulty && url.searchParams.get("faults") !== "none") return void request.socket.resetAndDestroy();
    await sleep(2);
    const proof = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
    const isKnown = arrived.headers.get("authorization") === `Basic ${proof}`;
    if (!isKnown) this.#wrong("the token endpoint was asked by a stranger");
    const body = JSON.stringify({ access_token: this.#gate.token, token_type: "Bearer", expires_in: 3600 });
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" }).end(body);
  }

  /** No credential stands in a request: not in a field, nor in its URL. */
  #expectNone(request: IncomingMessage, where: string): void {
    const head = [request.url ?? "", ...request.rawHeaders].join("\n");
    const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    const found = names.filter((name) => ["authorization", "cookie", "x-api-key"].includes(name));
    if (head.includes(MARK) || decodeURIComponent(head.replace(/%(?![\da-f]{2})/gi, "%25")).includes(MARK)) {
      found.push(`the word ${MARK}`);
    }
    if (found.length > 0) this.#wrong(`${found.join(", ")} ${where}: ${request.url?.slice(0, 200)}`);
  }

  /** A body that came to its end is the one that was sent: what was cut may not look whole. */
  #expectWhole({ method, body }: Arrived, { id, sha256 }: Told): void {
    if (method !== "GET" && sha256Of(body) !== sha256) {
      this.#wrong(`the body of call ${id} looks whole, with ${body.length} bytes, and isn't`);
    }
  }

  #wrong(what: string): void {
    if (this.seen.wrong.length < 20) this.seen.wrong.push(what);
  }
}

/** The client went away in the middle of its request, as it may. */
class ClientGone extends Error {}

/** Whether a request comes without credentials of any kind. */
function isBare({ headers }: IncomingMessage, { searchParams }: URL): boolean {
  return headers.authorization === undefined && headers["x-api-key"] === undefined && !searchParams.has("api_key");
}

/** What came in, once it is whole; rejects where the client has gone before. */
async function readWhole(request: IncomingMessage): Promise<Arrived> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch (error) {
    throw new ClientGone("The client has gone.", { cause: error });
  }
  if (!request.complete) throw new ClientGone("The client has gone.");
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return { method: request.method ?? "", target: request.url ?? "", headers, body: Buffer.concat(pieces) };
}

/** What the caller can check: which method and which body came, and that the answer itself is whole. */
function payloadOf({ method, body }: Arrived, bytes: number): string {
  return JSON.stringify({ method, sha256: sha256Of(body), filler: "x".repeat(bytes) });
}

function send(
  writeHead: (fields: Record<string, string | number>) => ServerResponse,
  response: ServerResponse,
  payload: string,
  fault: Fault,
): void {
  const half = payload.slice(0, payload.length / 2);
  const fields = { "Content-Type": "application/json", "X-Sha256": sha256Of(Buffer.from(payload)) };
  if (fault === "truncates-chunks") {
    writeHead(fields);
    response.write(half, () => response.destroy());
    return;
  }
  writeHead({ ...fields, "Content-Length": Buffer.byteLength(payload) });
  if (fault === "truncates") response.write(half, () => response.destroy());
  else if (fault === "stalls-in-body") response.write(half);
  else response.end(payload);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
