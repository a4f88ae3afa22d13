// Several schemes around one fetch, the first one outermost. They make one runner, so a redirect to another origin takes
// the credentials of none of them along.
import { basic } from "@authflow/basic";
import { compose } from "@authflow/core";
import { defineScheme } from "@authflow/flow";
import { standalone } from "./tour/standalone.ts";

const apiKey = defineScheme({
  name: "api key",
  *authFlow(request) {
    request.headers.set("x-api-key", "key-1");
    yield request;
  },
});

export async function run(origin: string): Promise<Response> {
  const authFetch = compose(basic({ username: "finley", password: "secret" }), apiKey)(fetch);

  return authFetch(`${origin}/both`);
}

await standalone(import.meta.url, run);
