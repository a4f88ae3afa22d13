// A scheme of one's own: a name, and a generator that yields the request. This one adds a header to it.
import { createAuthFetch } from "@authflow/core";
import type { FlowRequest, SyncFlow } from "@authflow/flow";
import { standalone } from "./tour/standalone.ts";

class TokenAuth {
  readonly name = "token";
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  *authFlow(request: FlowRequest): SyncFlow {
    request.headers.set("x-authentication", this.#token);
    yield request;
  }
}

export async function run(origin: string): Promise<Response> {
  const authFetch = createAuthFetch({ auth: new TokenAuth("token-1") });

  return authFetch(`${origin}/header`);
}

await standalone(import.meta.url, run);
