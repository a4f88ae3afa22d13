// ky, by way of a hook, for a client whose fetch is somebody else's: here it is named with each request, and found.
import { digest } from "@authflow/digest";
import { kyHooks } from "@authflow/ky";
import ky from "ky";
import { standalone } from "./recipe.ts";

export async function run(origin: string): Promise<string[]> {
  const api = ky.extend(kyHooks(digest({ username: "olivia", password: "secret" }), { timeout: 5_000 }));

  let sent = 0;
  const counting: typeof fetch = (...call) => {
    sent++;
    return fetch(...call);
  };
  const { you } = await api.get(`${origin}/digest`, { fetch: counting }).json<{ you: string }>();
  return [you, `${sent} requests by the fetch of this one`];
}

await standalone(import.meta.url, run);
