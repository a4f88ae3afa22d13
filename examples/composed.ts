// Several schemes around one fetch, the first one outermost. They make one runner, so a redirect to another origin takes
// the credentials of none of them along.
import { apiKey } from "@authflow/api-key";
import { basic } from "@authflow/basic";
import { compose } from "@authflow/core";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const authFetch = compose(
    basic({ username: "finley", password: "secret" }),
    apiKey({ header: "x-api-key", value: "key-1" }),
  )(fetch);

  return authFetch(`${origin}/both`);
}

await standalone(import.meta.url, run);
