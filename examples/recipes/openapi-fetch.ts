// openapi-fetch: the `fetch` of its client, which it gives a Request.
import { digest } from "@authflow/digest";
import createClient from "openapi-fetch";
import { standalone } from "./recipe.ts";

/** What openapi-typescript would make of the description of the site. */
interface Paths {
  "/digest": {
    post: {
      requestBody: { content: { "application/json": { page: number } } };
      responses: { 200: { content: { "application/json": { you: string } } } };
    };
  };
}

export async function run(origin: string): Promise<string> {
  const scheme = digest({ username: "olivia", password: "secret" });
  const api = createClient<Paths>({ baseUrl: origin, fetch: scheme(fetch) });

  const { data } = await api.POST("/digest", { body: { page: 1 } });
  return data?.you ?? "nobody";
}

await standalone(import.meta.url, run);
