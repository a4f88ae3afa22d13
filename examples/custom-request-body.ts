// A flow that needs the body of the request: `requiresRequestBody` has it read, and `request.content` holds the bytes.
import { createAuthFetch } from "@authflow/core";
import type { FlowRequest, SyncFlow } from "@authflow/flow";
import { hmac, sha256 } from "@authflow/hash";
import { standalone } from "./tour/standalone.ts";

class SignatureAuth {
  readonly name = "signature";
  readonly requiresRequestBody = true;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  *authFlow(request: FlowRequest): SyncFlow {
    const response = yield request;
    if (response.status === 401) {
      request.headers.set("x-authentication", this.#sign(request));
      yield request;
    }
  }

  #sign({ method, url, content }: FlowRequest): string {
    const { pathname, search } = new URL(url);
    return hmac(sha256, this.#key, `${method} ${pathname}${search} ${sha256(content)}`);
  }
}

export async function run(origin: string): Promise<Response> {
  const authFetch = createAuthFetch({ auth: new SignatureAuth("signing-key") });

  return authFetch(`${origin}/signature?page=1`, { method: "POST", body: new URLSearchParams({ name: "Finley" }) });
}

await standalone(import.meta.url, run);
