// Digest: proves to know a password without sending it. The server asks first, which costs an exchange; what it asked for
// is remembered, so that the next request goes out with the answer.
import { digest } from "@authflow/digest";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response[]> {
  const authFetch = digest({ username: "olivia", password: "secret" })(fetch);

  const first = await authFetch(`${origin}/digest`);
  const second = await authFetch(`${origin}/digest`);
  return [first, second];
}

await standalone(import.meta.url, run);
