// The shortest scheme of one's own: a function that is given the request and returns it authenticated.
import { createAuthFetch } from "@authflow/core";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const authFetch = createAuthFetch({
    auth: (request) => {
      request.headers.set("x-authentication", "token-1");
      return request;
    },
  });

  return authFetch(`${origin}/header`);
}

await standalone(import.meta.url, run);
