/** How many requests one flow may yield in a call. */
export const STEP_LIMIT = 20;

/**
 * What a yielded request is to the one that the flow was given. `same`: that one, or derived from it, to be sent with
 * the call's body. `fresh`: another Request for the same URL, with the body it carries. `side`: anything else.
 */
export type Relation = "same" | "fresh" | "side";

const claimed = new WeakSet<Request>();

/** Makes a Request the call's own, wherever it goes: what an auth function returns is to be sent. */
export function claim<T>(request: T): T {
  if (typeof request === "object" && request !== null) claimed.add(request as unknown as Request);
  return request;
}

export function relationOf(yielded: Request, request: Request): Relation {
  // What is derived from the request keeps its redirect mode on every runtime; a fresh Request says "follow".
  if (yielded === request || yielded.redirect === "manual") return "same";
  return yielded.url === request.url || claimed.has(yielded) ? "fresh" : "side";
}

/** Lets an error that a flow raised over another one tell of that one. */
export function causedBy(error: unknown, cause: unknown): unknown {
  if (error !== cause && error instanceof Error && error.cause === undefined) {
    Reflect.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  }
  return error;
}
