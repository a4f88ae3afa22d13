// ky, by way of its fetch: each attempt of ky's `retry` runs the flow afresh, and its `timeout` bounds the whole of one.
import { basic } from "@authflow/basic";
import { kyAuth } from "@authflow/ky";
import ky from "ky";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const api = ky.extend(kyAuth(basic({ username: "finley", password: "secret" })));

  return api.get(`${origin}/basic`);
}

await standalone(import.meta.url, run);
