// Basic: a username and a password, which go along with each request. A scheme is a middleware: it wraps any fetch.
import { basic } from "@authflow/basic";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const authFetch = basic({ username: "finley", password: "secret" })(fetch);

  return authFetch(`${origin}/basic`);
}

await standalone(import.meta.url, run);
