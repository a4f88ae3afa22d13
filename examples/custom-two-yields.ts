// A flow of several requests: `yield` gives the response. This one keeps its token until a server asks for it.
import { createAuthFetch } from "@authflow/core";
import type { FlowRequest, SyncFlow } from "@authflow/flow";
import { standalone } from "./tour/standalone.ts";

class TokenOnDemand {
  readonly name = "token on demand";
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  *authFlow(request: FlowRequest): SyncFlow {
    const response = yield request;
    if (response.status === 401) {
      request.headers.set("x-authentication", this.#token);
      yield request;
    }
  }
}

export async function run(origin: string): Promise<Response> {
  const authFetch = createAuthFetch({ auth: new TokenOnDemand("token-1") });

  // The body is sent again with the second request, whatever kind of body it is.
  return authFetch(`${origin}/header`, { method: "POST", body: "hello" });
}

await standalone(import.meta.url, run);
