// wretch: a scheme is one of its middlewares as it stands.
import { digest } from "@authflow/digest";
import wretch from "wretch";
import { standalone } from "./recipe.ts";

export async function run(origin: string): Promise<string[]> {
  const scheme = digest({ username: "olivia", password: "secret" });
  const api = wretch(origin).middlewares([scheme]);

  const { you } = await api.url("/digest").post({ page: 1 }).json<{ you: string }>();

  // Its catchers see how the flow ends, not the challenge on the way.
  const stranger = wretch(origin).middlewares([digest({ username: "olivia", password: "wrong" })]);
  const other = await stranger
    .url("/digest")
    .get()
    .unauthorized(() => ({ you: "nobody" }))
    .json<{ you: string }>();
  return [you, other.you];
}

await standalone(import.meta.url, run);
