// A scheme that waits for more than its requests has `asyncAuthFlow`, and `syncAuthFlow` for programs that can't wait.
// Instead of a lock there is `singleFlight`: calls that come at once share the work, and none holds anything for others.
import { createAuthFetch } from "@authflow/core";
import type { AsyncFlow, FlowContext, FlowRequest, SyncFlow } from "@authflow/flow";
import { runFlowSync, singleFlight } from "@authflow/flow";
import { blockingFetch } from "./setting/blocking-fetch.ts";
import { standalone } from "./tour/standalone.ts";

class SharedToken {
  readonly name = "shared token";
  readonly #tokenUrl: string;
  readonly #shared = singleFlight<string>();
  #token: string | undefined;

  constructor(tokenUrl: string) {
    this.#tokenUrl = tokenUrl;
  }

  requiresResponseBody({ url }: Response): boolean {
    return url === this.#tokenUrl;
  }

  async *asyncAuthFlow(request: FlowRequest, context: FlowContext): AsyncFlow {
    this.#token ??= await this.#shared("token", () => this.#fetchToken(context), { signal: context.signal });
    request.headers.set("authorization", `Token ${this.#token}`);
    yield request;
  }

  async #fetchToken(context: FlowContext): Promise<string> {
    const response = await context.send(this.#tokenRequest());
    return tokenIn(await response.text());
  }

  // One program that blocks has one call at a time, and nothing to share.
  *syncAuthFlow(request: FlowRequest): SyncFlow {
    if (this.#token === undefined) {
      const response = yield this.#tokenRequest();
      this.#token = tokenIn(new TextDecoder().decode(response.content));
    }
    request.headers.set("authorization", `Token ${this.#token}`);
    yield request;
  }

  #tokenRequest(): Request {
    return new Request(this.#tokenUrl, { method: "POST" });
  }
}

function tokenIn(text: string): string {
  return (JSON.parse(text) as { token: string }).token; // what the site documents
}

export async function run(origin: string): Promise<Response[]> {
  const authFetch = createAuthFetch({ auth: new SharedToken(`${origin}/token`) });
  const pages = [1, 2, 3].map((page) => `${origin}/locked?page=${page}`);
  const responses = await Promise.all(pages.map((url) => authFetch(url)));

  const blocking = new SharedToken(`${origin}/token`);
  return [...responses, runFlowSync(blocking, new Request(`${origin}/locked`), blockingFetch)];
}

await standalone(import.meta.url, run);
