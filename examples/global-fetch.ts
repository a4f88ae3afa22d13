// The global fetch, wrapped by hand, for code that can't be given another one. `origins` keeps the credentials from the
// rest of the world, which a global fetch talks to as well.
import { basic } from "@authflow/basic";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const platformFetch = globalThis.fetch;
  globalThis.fetch = basic({ username: "finley", password: "secret", origins: [origin] })(platformFetch);
  try {
    return await codeOfSomebodyElse(`${origin}/basic`);
  } finally {
    globalThis.fetch = platformFetch;
  }
}

function codeOfSomebodyElse(url: string): Promise<Response> {
  return fetch(url);
}

await standalone(import.meta.url, run);
