import type { Bytes } from "@authflow/flow";
import type { RecordedCall } from "./incoming.ts";
import { assertMembers, type MembersOf } from "./members.ts";

/** Header fields to write: an object (a list is several fields of one name), pairs, or Headers. */
export type FieldsInit =
  | Readonly<Record<string, string | readonly string[]>>
  | readonly (readonly [name: string, value: string])[]
  | Headers;

/** A response, written down. */
export interface ReplyInit {
  /** Default: 200. */
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: FieldsInit;
  /** Default: none. */
  readonly body?: string | Bytes | Blob | ReadableStream<Bytes> | null;
  /** The reply waits for this promise: a delay that the test ends, not a clock. */
  readonly after?: PromiseLike<unknown>;
}

/** What a step of a script answers with: a response, an error of the transport, or what a function of the request gives. */
export type ScriptReply =
  | Response
  | Error
  | ReplyInit
  | ((request: RecordedCall) => Response | Error | ReplyInit | Promise<Response | Error | ReplyInit>);

const MEMBERS: MembersOf<ReplyInit> = { status: true, statusText: true, headers: true, body: true, after: true };

/**
 * Refuses what is no reply.
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function assertReply(reply: ScriptReply, who: string): void {
  if (typeof reply === "function" || reply instanceof Response || reply instanceof Error) return;
  assertMembers(reply, MEMBERS, `${who} replies`);
}

/** The fields of a message as pairs, in order. */
export function fieldsOf(init: FieldsInit | undefined): [name: string, value: string][] {
  if (!init) return [];
  if (init instanceof Headers) return [...init];
  if (isPairs(init)) return init.map(([name, value]) => [name, value]);
  return Object.entries(init).flatMap(([name, values]) =>
    (typeof values === "string" ? [values] : values).map((value): [string, string] => [name, value]),
  );
}

function isPairs(init: FieldsInit): init is readonly (readonly [string, string])[] {
  return Array.isArray(init);
}

/** What a call is answered with, once what the reply waits for is there: a response, or an error of the transport. */
export async function answer(reply: ScriptReply, call: RecordedCall): Promise<Response | Error> {
  const given = typeof reply === "function" ? await reply(call) : reply;
  assertReply(given, "A function of the script");
  if (given instanceof Error || given instanceof Response) return given;
  await given.after;
  const { status = 200, statusText = "", body = null } = given;
  const response = new Response(abortable(body, call.signal), { status, statusText, headers: fieldsOf(given.headers) });
  // As a fetch does; a Response that was made by hand says nothing of where it is from.
  Object.defineProperty(response, "url", { value: call.url.replace(/#.*$/s, ""), configurable: true });
  return response;
}

/** A stream that fails when the call is aborted, as a body from the network does. */
function abortable(
  body: NonNullable<ReplyInit["body"]> | null,
  signal: AbortSignal | undefined,
): NonNullable<ReplyInit["body"]> | null {
  if (!(body instanceof ReadableStream) || !signal) return body;
  return body.pipeThrough(new TransformStream<Bytes, Bytes>(), { signal });
}
