// What one call of the soak is: who authenticates, what is sent, and what goes wrong. All of it follows from a seed.
import { oneOf } from "../../scripts/workspace/random.ts";

/** What the server asks for. */
export type Wanted = "basic" | "bearer" | "digest" | "digest-int" | "header" | "query" | "nothing";

export type BodyKind = "none" | "text" | "bytes" | "blob" | "form" | "stream" | "request";

/** What happens at one request of a call, in the order in which they come to the server. */
export type Fault =
  | "none"
  | "late" // answers after a while, a 401, too
  | "early" // answers before the body was read
  | "expires" // nonces and tokens end
  | "resets" // cuts the connection after the request
  | "resets-early" // cuts it before the body was read
  | "truncates" // ends in the middle of the response
  | "truncates-chunks"
  | "stalls" // never answers
  | "stalls-in-body"; // sends half of the response, and no more

/** Where a redirect leads: stays at home, goes to another origin, goes there and comes back. */
export type Way = "home" | "away" | "back";

/** What of a plan the server is told, in the URL. */
export interface Told {
  readonly id: number;
  readonly wants: Wanted;
  readonly faults: readonly Fault[];
  readonly redirect: { readonly status: number; readonly way: Way } | null;
  /** Whether credentials are due where a redirect comes back from another origin; else none may be there. */
  readonly returns: boolean;
  /** How long the response is, in bytes. */
  readonly answer: number;
  /** SHA-256 of the body, in hex. */
  readonly sha256: string;
}

export interface Plan {
  readonly id: number;
  /** The name of a subject. */
  readonly subject: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly body: { readonly kind: BodyKind; readonly bytes: number };
  readonly faults: readonly Fault[];
  readonly redirect: Told["redirect"];
  readonly answer: number;
  /** When the caller gives up, in milliseconds. */
  readonly abortAfter: number | undefined;
}

const KINDS: readonly BodyKind[] = ["text", "bytes", "blob", "form", "stream", "request"];
const FAULTS: readonly Fault[] = [
  ...(["late", "late", "late", "early", "early", "expires", "expires", "resets", "resets-early"] as const),
  ...(["truncates", "truncates-chunks", "stalls", "stalls-in-body"] as const),
];
const STATUSES = [301, 302, 303, 307, 307, 308];
const WAYS: readonly Way[] = ["home", "home", "away", "away", "back"];
const KIB = 1024;

/** The plan of a call. */
export function planOf(id: number, subjects: readonly string[], random: () => number): Plan {
  const chance = (part: number): boolean => random() < part;
  const method = chance(0.45) ? "GET" : oneOf(["POST", "PUT"] as const, random);
  const kind = method === "GET" ? "none" : oneOf(KINDS, random);
  const faults = Array.from({ length: 3 }, () => (chance(0.12) ? oneOf(FAULTS, random) : "none"));
  const isStalled = faults.some((fault) => fault.startsWith("stalls"));
  return {
    id,
    subject: oneOf(subjects, random),
    method,
    body: { kind, bytes: kind === "none" ? 0 : sizeOf(random) },
    faults,
    redirect: chance(0.15) ? { status: oneOf(STATUSES, random), way: oneOf(WAYS, random) } : null,
    answer: sizeOf(random),
    abortAfter: isStalled ? 30 + Math.floor(random() * 60) : chance(0.03) ? Math.floor(random() * 15) : undefined,
  };
}

/** Mostly small, at times more than a piece of a stream, seldom much. */
function sizeOf(random: () => number): number {
  const most = oneOf([100, 4 * KIB, 4 * KIB, 4 * KIB, 70 * KIB], random);
  return Math.floor(random() * most) + (random() < 0.01 ? 400 * KIB : 0);
}

/** The method and the body at the end of a redirect, as the fetch standard has them (§4.4, HTTP-redirect fetch). */
export function arrives({ method, redirect }: Plan): { readonly method: string; readonly hasBody: boolean } {
  const status = redirect?.status;
  const turns = status === 303 || ((status === 301 || status === 302) && method === "POST");
  return turns ? { method: "GET", hasBody: false } : { method, hasBody: method !== "GET" };
}
