// A scheme that has only a `syncAuthFlow`, here because of a library that blocks. A fetch can't drive it, and says so in
// an error before anything is sent; in the same way `runFlowSync` refuses what has only an `asyncAuthFlow`.
import { createAuthFetch } from "@authflow/core";
import { type AuthError, type FlowRequest, isAuthError, runFlowSync, type SyncFlow } from "@authflow/flow";
import { blockingFetch } from "./setting/blocking-fetch.ts";
import { standalone } from "./tour/standalone.ts";

const syncOnlyLibrary = { token: () => "token-2" };

class SyncOnlyAuth {
  readonly name = "sync only";

  *syncAuthFlow(request: FlowRequest): SyncFlow {
    request.headers.set("authorization", `Token ${syncOnlyLibrary.token()}`);
    yield request;
  }
}

export async function run(origin: string): Promise<[Response, AuthError]> {
  const auth = new SyncOnlyAuth();
  const response = runFlowSync(auth, new Request(`${origin}/locked`), blockingFetch);

  try {
    await createAuthFetch({ auth })(`${origin}/locked`);
  } catch (error) {
    if (isAuthError(error, "ERR_AUTHFLOW_FLOW_KIND")) return [response, error];
    throw error;
  }
  throw new Error("A fetch has driven a flow that can't wait.");
}

await standalone(import.meta.url, run);
