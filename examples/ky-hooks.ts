// ky, by way of a hook: one `beforeRequest` hook that answers with the response of the whole flow. For clients whose
// fetch isn't yours to wrap; elsewhere kyAuth is better.
import { kyHooks } from "@authflow/ky";
import { basic } from "@authflow/basic";
import ky from "ky";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  const onDemand = basic({ username: "finley", password: "secret", preemptive: false });
  const api = ky.extend(kyHooks(onDemand, { timeout: 5_000 }));

  return api.get(`${origin}/basic`);
}

await standalone(import.meta.url, run);
