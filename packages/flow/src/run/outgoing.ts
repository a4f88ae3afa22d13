import { isByteStream } from "../body/source.ts";
import type { Hop } from "./hop.ts";
import type { Mark } from "./mark.ts";

/** A fetch of whatever kind. */
export type Next = (...input: readonly unknown[]) => Promise<Response>;

/** What the caller asks for, in the way in which everything goes out: a text, or a Request of the caller's class. */
export interface Asked {
  readonly input: string | Request;
  readonly init: CallInit;
  /** Arguments after `init`, for fetches that take more. */
  readonly rest: readonly unknown[];
  /** The user name that stood in the URL. */
  readonly user: string | undefined;
}

/** A request for which no flow is left, as it goes out. */
export interface Outgoing {
  readonly request: Request;
  readonly hop: Hop | undefined;
  readonly headers: Headers;
  readonly redirect: RequestRedirect | undefined;
  /** Opened just before. */
  body: BodyInit | undefined;
}

/** The init that a caller gives: the platform's members, a body factory, and whatever the fetch inside knows. */
export type CallInit =
  | (Readonly<Record<string, unknown>> & Omit<RequestInit, "body"> & { readonly body?: unknown })
  | undefined;

/** Members of init that say by which way a request goes, not what it is: a scheme's own request takes the same way. */
const WAY = ["dispatcher", "agent", "client", "proxy", "tls"];
/** What a Request has been given when it was made, so that init must not say it again. */
const IN_REQUEST = ["method", "headers", "body", "duplex", "redirect"];
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

/** Calls the fetch inside as the call came in: text in, text and init out; a Request in, a Request out. */
export function callNext(
  next: Next,
  { input, init, rest }: Asked,
  { request, hop, headers, body, redirect }: Outgoing,
  signal: AbortSignal | undefined,
  mark: Mark,
): Promise<Response> {
  // As the caller wrote them, where no flow changed them.
  const same = request === hop?.request;
  const method = hop && (same || request.method === hop.request.method) ? hop.method : request.method;
  const url = hop && (same || request.url === hop.url) ? hop.written : request.url;
  const call: Record<string, unknown> = { ...(hop ? init : wayOf(init)), authflow: mark };
  // Not into a Request: each one made with a long-lived signal makes the next one slower (Node).
  if (signal !== undefined) call["signal"] = signal;

  let sent = call;
  if (typeof input !== "string") {
    for (const name of IN_REQUEST) if (name in call) delete call[name];
    sent = {};
  }
  sent["headers"] = headers;
  if (method !== undefined) sent["method"] = method;
  if (redirect !== undefined) sent["redirect"] = redirect;
  if (body !== undefined) {
    sent["body"] = body;
    if (isByteStream(body)) sent["duplex"] = "half";
  } else if ("body" in sent) {
    delete sent["body"];
  }
  const model = hop ? input : request;
  const copied = typeof model === "string" ? 0 : copyMembers(model, sent);

  if (typeof input === "string") return rest.length > 0 ? next(url, call, ...rest) : next(url, call);
  // What no flow changes any more and says the same as the caller's Request is as good as another one made of it.
  const asIs = copied === 0 && body === undefined && redirect === request.redirect && headers === request.headers;
  const outgoing =
    asIs && input.constructor === Request ? request : new (input.constructor as typeof Request)(url, sent);
  return next(outgoing, call, ...rest);
}

function copyMembers(model: Request, sent: Record<string, unknown>): number {
  let copied = 0;
  for (const [name, usual] of COPIED) {
    const value = model[name];
    if (value === undefined || value === usual || value === "navigate") continue; // which no Request may be made with
    sent[name] = value;
    copied++;
  }
  return copied;
}

function wayOf(init: CallInit): Record<string, unknown> {
  return Object.fromEntries(WAY.filter((name) => init?.[name] !== undefined).map((name) => [name, init?.[name]]));
}
