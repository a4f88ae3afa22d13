// axios, with its fetch adapter: what it calls is `env.fetch`.
import { digest } from "@authflow/digest";
import axios from "axios";
import { standalone } from "./recipe.ts";

export async function run(origin: string): Promise<string> {
  const scheme = digest({ username: "olivia", password: "secret" });
  const api = axios.create({ adapter: "fetch", env: { fetch: scheme(fetch) }, baseURL: origin });

  const { data } = await api.post<{ you: string }>("/digest", { page: 1 });
  return data.you;
}

await standalone(import.meta.url, run);
