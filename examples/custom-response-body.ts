// A flow that needs the body of a response: `requiresResponseBody` has it read from a copy, into `response.content`.
// This one answers a 401 by a request of its own, which renews its tokens.
import { createAuthFetch } from "@authflow/core";
import type { FlowRequest, FlowResponse, SyncFlow } from "@authflow/flow";
import { standalone } from "./tour/standalone.ts";

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

class RefreshAuth {
  readonly name = "refresh";
  readonly requiresResponseBody = true;
  readonly #refreshUrl: string;
  #tokens: Tokens;

  constructor(refreshUrl: string, tokens: Tokens) {
    this.#refreshUrl = refreshUrl;
    this.#tokens = tokens;
  }

  *authFlow(request: FlowRequest): SyncFlow {
    request.headers.set("x-authentication", this.#tokens.access_token);
    const response = yield request;

    if (response.status === 401) {
      const refreshed = yield this.#refreshRequest();
      if (!refreshed.ok) return;
      this.#updateTokens(refreshed);

      request.headers.set("x-authentication", this.#tokens.access_token);
      yield request;
    }
  }

  #refreshRequest(): Request {
    const body = new URLSearchParams({ refresh_token: this.#tokens.refresh_token });
    return new Request(this.#refreshUrl, { method: "POST", body });
  }

  #updateTokens(response: FlowResponse): void {
    this.#tokens = JSON.parse(new TextDecoder().decode(response.content)) as Tokens; // what the site documents
  }
}

export async function run(origin: string): Promise<Response> {
  const expired = { access_token: "access-1", refresh_token: "refresh-1" };
  const authFetch = createAuthFetch({ auth: new RefreshAuth(`${origin}/refresh`, expired) });

  return authFetch(`${origin}/expiring`);
}

await standalone(import.meta.url, run);
