import type { ReceivedRequest } from "./received-request.ts";
import type { ServerReply } from "./server-reply.ts";
import type { Wire } from "./wire.ts";

/** What a fault has to work with. */
export interface FaultSetting {
  readonly request: ReceivedRequest;
  readonly wire: Wire;
  readonly status: number;
  /** The fields of the response but the one that says how long its body is. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** How many bytes the body has, or would have. */
  readonly bytes: number;
  /** Settles when the test lets go on what stalls. */
  readonly released: Promise<void>;
}

type Fault = (setting: FaultSetting) => ServerReply | undefined | Promise<ServerReply | undefined>;

const PIECE = 65_536;

/** How a server may fail; see each in `FAULTS`. */
export type FaultName =
  | "never-answers"
  | "stalls-in-head"
  | "stalls-in-body"
  | "ends-in-head"
  | "ends-in-body"
  | "ends-in-chunks"
  | "resets"
  | "resets-early"
  | "resets-in-body"
  | "answers-early"
  | "answers-early-and-ends"
  | "never-reads"
  | "never-reads-nor-answers"
  | "sends-much"
  | "talks-nonsense";

/** Each way to fail, by the name that a test gives it. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  /** Reads the request, and never answers. */
  "never-answers": ({ wire }) => silent(wire),

  /** Sends half of the head, and the rest when it is released. */
  "stalls-in-head": async (setting) => {
    const { request, wire, bytes, released } = setting;
    await request.ended;
    wire.write(head(setting));
    await released;
    wire.write(bodyOf(bytes));
    return undefined;
  },

  /** Sends the head and half of the body, and the rest when it is released. */
  "stalls-in-body": async (setting) => {
    const { request, wire, released } = setting;
    await request.ended;
    const [first, second] = halves(setting);
    wire.write(first);
    await released;
    wire.write(second);
    return undefined;
  },

  /** Ends the connection in the middle of the head. */
  "ends-in-head": async (setting) => {
    const { request, wire } = setting;
    await request.ended;
    wire.write(head(setting));
    wire.end();
    return undefined;
  },

  /** Ends the connection in the middle of a body whose length it has told. */
  "ends-in-body": async (setting) => {
    const { request, wire } = setting;
    await request.ended;
    wire.write(halves(setting)[0]);
    wire.end();
    return undefined;
  },

  /** Ends the connection after a chunk that is not the last. */
  "ends-in-chunks": async (setting) => {
    const { request, wire, bytes } = setting;
    await request.ended;
    wire.write(`${head(setting)}Transfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n`);
    wire.end();
    return undefined;
  },

  /** Resets the connection once it has read the request. */
  resets: async ({ request, wire }) => {
    await request.ended;
    wire.reset();
    return undefined;
  },

  /** Resets the connection as soon as the head of the request is there. */
  "resets-early": ({ wire }) => {
    wire.reset();
    return undefined;
  },

  /** Sends the head and half of the body, and resets the connection when it is released. */
  "resets-in-body": async (setting) => {
    const { request, wire, released } = setting;
    await request.ended;
    wire.write(halves(setting)[0]);
    await released;
    wire.reset();
    return undefined;
  },

  /** Answers before it has read the body of the request, which it reads then. */
  "answers-early": ({ status, fields, bytes }) => ({ status, headers: fields, body: "x".repeat(bytes) }),

  /** Answers before it has read the body, and ends the connection: a client that goes on sending gets an error. */
  "answers-early-and-ends": (setting) => {
    const { wire, bytes } = setting;
    wire.ignoreBody();
    wire.write(`${head(setting)}Connection: close\r\n${bodyOf(bytes)}`);
    wire.end();
    return undefined;
  },

  /** Answers, and never reads the body of the request. */
  "never-reads": (setting) => {
    setting.wire.ignoreBody();
    setting.wire.write(halves(setting).join(""));
    return undefined;
  },

  /** Neither reads the body of the request nor answers. */
  "never-reads-nor-answers": ({ wire }) => {
    wire.ignoreBody();
    return silent(wire);
  },

  /** Sends a body of `bytes` in pieces as they are taken, so also one that no memory holds. */
  "sends-much": async ({ request, status, fields, bytes }) => {
    await request.ended;
    return { status, headers: [...fields, ["Content-Length", String(bytes)]], body: much(bytes) };
  },

  /** Answers with what is no HTTP. */
  "talks-nonsense": async ({ request, wire }) => {
    await request.ended;
    wire.write("SMTP/1.1 what?\r\n\r\n");
    wire.end();
    return undefined;
  },
};

function silent(wire: Wire): undefined {
  wire.keepSilent();
}

/** The head but its end, as it goes over the wire. */
function head({ status, fields }: FaultSetting): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Fault\r\n${lines.join("")}`;
}

/** The end of the head, and a body. */
function bodyOf(bytes: number): string {
  return `Content-Length: ${bytes}\r\n\r\n${"x".repeat(bytes)}`;
}

/** A response, cut in the middle of its body. */
function halves(setting: FaultSetting): [string, string] {
  const message = head(setting) + bodyOf(setting.bytes);
  const cut = message.length - Math.ceil(setting.bytes / 2);
  return [message.slice(0, cut), message.slice(cut)];
}

async function* much(bytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(PIECE).fill(0x78);
  for (let left = bytes; left > 0; left -= PIECE) yield left < PIECE ? piece.subarray(0, left) : piece;
}
