// Credentials with all requests of a client: the `auth` of createAuthFetch. A request may name other ones, or none (`auth: null`).
import { basic } from "@authflow/basic";
import { createAuthFetch } from "@authflow/core";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response[]> {
  const authFetch = createAuthFetch({ auth: basic({ username: "username", password: "secret" }) });

  const first = await authFetch(`${origin}/basic`);
  const second = await authFetch(`${origin}/basic`);
  return [first, second];
}

await standalone(import.meta.url, run);
