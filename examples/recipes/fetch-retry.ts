// fetch-retry, outside of a scheme and inside. Outside is right: each attempt is a call of its own, with credentials that
// are made for it. Inside, an attempt sends the credentials of the one before a second time, and who counts, as Digest
// does, is right to refuse that.
import { digest } from "@authflow/digest";
import fetchRetry from "fetch-retry";
import { standalone } from "./recipe.ts";

const busy = { retryOn: [503], retries: 3, retryDelay: 0 };

export async function run(origin: string): Promise<string> {
  const scheme = digest({ username: "olivia", password: "secret" });
  const retrying = fetchRetry(scheme(fetch), busy);

  return (await retrying(`${origin}/busy`)).text();
}

/** The wrong way around: it ends as well, by way of one more refusal, and of a 401 where the server says no `stale`. */
export async function inside(origin: string): Promise<string> {
  const retrying = digest({ username: "olivia", password: "secret" })(fetchRetry(fetch, busy));

  return (await retrying(`${origin}/busy`)).text();
}

await standalone(import.meta.url, run);
