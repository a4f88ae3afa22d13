import type { Middleware } from "@authflow/flow";

/** The pages that are only got: JSON, an error status, no answer ever, a connection that breaks. */
export type Page = "json" | "problem" | "never" | "broken";

/** A field of a form. */
export type Entry = readonly [name: string, value: string | File];

/** What a client gave for an answer. */
export interface Answer {
  readonly status: number;
  /** The body, as the client reads it. */
  readonly data: unknown;
}

/** A client, made to talk to one server: each in the words of its own documentation. */
export interface Client {
  get(page: Page, signal: AbortSignal): Promise<Answer>;
  post(json: object): Promise<Answer>;
  form(entries: readonly Entry[]): Promise<Answer>;
  upload(body: ReadableStream<Uint8Array>): Promise<Answer>;
  stream(signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
}

/** Makes a client for the pages below a URL, whose fetch has gone through a middleware. */
export type MakeClient = (base: string, middleware: Middleware) => Client;

/** A form of a class that is the platform's, or the client's own. */
export function filled<F extends { append(name: string, value: string | File): void }>(
  form: F,
  entries: readonly Entry[],
): F {
  for (const [name, value] of entries) form.append(name, value);
  return form;
}
