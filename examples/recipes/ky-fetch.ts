// ky, by way of its fetch: the recommended way. ky's retry, timeout and hooks stay around the whole flow.
import { bearer } from "@authflow/bearer";
import { kyAuth } from "@authflow/ky";
import ky from "ky";
import { standalone } from "./recipe.ts";
import { tokenFrom } from "./token-from.ts";

export async function run(origin: string): Promise<string> {
  const api = ky.extend(kyAuth(bearer(() => tokenFrom(`${origin}/token`))));

  await api.get(`${origin}/bearer`);
  await api.get(`${origin}/bearer`); // the last one that this token is good for
  const { you } = await api.post(`${origin}/bearer`, { json: { page: 1 } }).json<{ you: string }>();
  return you;
}

await standalone(import.meta.url, run);
