import type { Fetch } from "@authflow/flow";
import type { GrantContext } from "./grant.ts";

/** What is used where no call of a scheme is under way: nobody but the time limit ends it. */
export function outsideOfCalls(fetch: Fetch): GrantContext {
  return {
    send: (request, { signal } = {}) => fetch(request, signal ? { signal } : {}),
    signal: new AbortController().signal,
    deadline: undefined,
  };
}
