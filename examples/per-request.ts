// Credentials with one request: the `auth` of its init. Other requests of the same fetch go without.
import { createAuthFetch } from "@authflow/core";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const authFetch = createAuthFetch();

  return authFetch(`${origin}/basic`, { auth: ["username", "secret"] });
}

await standalone(import.meta.url, run);
