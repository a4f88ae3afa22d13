// ofetch: its `fetch` is an option of createFetch, and of `ofetch.create` (the second argument).
import { digest } from "@authflow/digest";
import { createFetch } from "ofetch";
import { standalone } from "./recipe.ts";

export async function run(origin: string): Promise<string> {
  const scheme = digest({ username: "olivia", password: "secret" });
  const api = createFetch({ fetch: scheme(fetch), defaults: { baseURL: origin } });

  const { you } = await api<{ you: string }>("/digest", { method: "POST", body: { page: 1 } });
  return you;
}

await standalone(import.meta.url, run);
