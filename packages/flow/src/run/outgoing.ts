import { MARK, type Mark } from "./mark.ts";

/** How the call came in, which is how everything goes out: a text, or a Request of the caller's class. */
export interface CallShape {
  readonly input: string | Request;
  readonly init: Readonly<Record<string, unknown>> | undefined;
  /** Arguments after `init`, for fetches that take more. */
  readonly rest: readonly unknown[];
}

/** What goes out in one step. */
export interface Outgoing {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: BodyInit | undefined;
  readonly redirect: RequestRedirect | undefined;
  /** The scheme's own request, where it is none of the call's. */
  readonly side: Request | undefined;
  readonly signal: AbortSignal | undefined | null;
  readonly mark: Mark;
}

/** Members of init that say by which way a request goes, not what it is: a side request takes the same way. */
const WAY = ["dispatcher", "agent", "client", "proxy", "tls"];
/** What a Request has been given when it was made, so that init must not say it again. */
const IN_REQUEST = ["method", "headers", "body", "duplex", "redirect", "signal"];
/** What is copied from a Request, with the value that every Request has by default. */
const COPIED: readonly (readonly [keyof Request, unknown])[] = [
  ["cache", "default"],
  ["credentials", "same-origin"],
  ["integrity", ""],
  ["keepalive", false],
  ["mode", "cors"],
  ["referrer", "about:client"],
  ["referrerPolicy", ""],
];

/** The arguments for the fetch inside: text in, text and init out; a Request in, a Request out. */
export function argumentsFor(shape: CallShape, out: Outgoing): readonly unknown[] {
  const { input, init, rest } = shape;
  const request: Record<string, unknown> = { headers: out.headers };
  if (out.method !== undefined) request["method"] = out.method;
  if (out.redirect !== undefined) request["redirect"] = out.redirect;
  if (out.body !== undefined) {
    request["body"] = out.body;
    if (isStream(out.body)) request["duplex"] = "half";
  }
  const call: Record<string, unknown> = {};
  const members = out.side ? WAY.filter((name) => init && name in init) : Object.keys(init ?? {});
  for (const name of members) if (!IN_REQUEST.includes(name)) call[name] = init?.[name];
  call[MARK] = out.mark;
  // Not into a Request: each one made with a long-lived signal makes the next one slower (Node).
  if (out.signal !== undefined) call["signal"] = out.signal;

  const model = out.side ?? (typeof input === "string" ? undefined : input);
  for (const [name, usual] of COPIED) {
    const value = model?.[name];
    if (value !== undefined && value !== usual) request[name] = value;
  }
  if (typeof input === "string") return [out.url, { ...call, ...request }, ...rest];
  return [new (input.constructor as typeof Request)(out.url, request), call, ...rest];
}

function isStream(body: BodyInit): boolean {
  return body instanceof ReadableStream || (typeof body === "object" && Symbol.asyncIterator in body);
}
