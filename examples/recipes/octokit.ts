// Octokit: `request.fetch` of its options, here of @octokit/request; `new Octokit({ request: { fetch } })` takes the same.
import { bearer } from "@authflow/bearer";
import { request } from "@octokit/request";
import { standalone } from "./recipe.ts";
import { tokenFrom } from "./token-from.ts";

export async function run(origin: string): Promise<string> {
  const scheme = bearer(() => tokenFrom(`${origin}/token`));
  const api = request.defaults({ baseUrl: origin, request: { fetch: scheme(fetch) } });

  const { data } = await api("GET /repos/{owner}/{repo}", { owner: "olivia", repo: "site" });
  return data.full_name;
}

await standalone(import.meta.url, run);
