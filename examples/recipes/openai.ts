// The openai package, and others that take a `fetch`. They always send an Authorization of their own, which the scheme
// replaces: so the key that they insist on may be any text.
import { bearer } from "@authflow/bearer";
import OpenAI from "openai";
import { standalone } from "./recipe.ts";
import { tokenFrom } from "./token-from.ts";

export async function run(origin: string): Promise<string[]> {
  const scheme = bearer(() => tokenFrom(`${origin}/token`));
  const client = new OpenAI({ apiKey: "not used", baseURL: `${origin}/v1`, fetch: scheme(fetch) });
  const question = { model: "parrot", messages: [{ role: "user" as const, content: "Hello?" }] };

  const { choices } = await client.chat.completions.create(question);

  const words: string[] = [];
  for await (const part of await client.chat.completions.create({ ...question, stream: true })) {
    words.push(part.choices[0]?.delta.content ?? "");
  }
  return [choices[0]?.message.content ?? "nothing", words.join("|")];
}

await standalone(import.meta.url, run);
