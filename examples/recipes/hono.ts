// A service on Hono that calls another one with the credentials of its tenants. A scheme belongs to one account, and
// remembers what its server told it, so each tenant has one, and keeps it; what a request needs is named with that request.
import { createAuthFetch } from "@authflow/core";
import { digest } from "@authflow/digest";
import type { AuthScheme } from "@authflow/flow";
import { Hono } from "hono";
import { standalone } from "./recipe.ts";

/** Which tenant a key of the service is for, and who that is to the other service. Yours come from a vault. */
const TENANTS: ReadonlyMap<string, AuthScheme> = new Map([
  ["key-of-red", digest({ username: "olivia", password: "secret" })],
  ["key-of-blue", digest({ username: "finley", password: "secret" })],
]);

interface Env {
  readonly Variables: { auth: AuthScheme };
}

/** The service. `origin` is where the other one is. */
export function service(origin: string): Hono<Env> {
  const upstream = createAuthFetch(); // nobody's: a request that forgets to say whose it is goes without credentials
  const app = new Hono<Env>();

  app.use(async (context, next) => {
    const auth = TENANTS.get(context.req.header("x-api-key") ?? "");
    if (!auth) return context.json({ error: "Who are you?" }, 401);
    context.set("auth", auth);
    return next();
  });

  app.get("/report", async (context) => {
    const { signal } = context.req.raw; // who goes away takes the request to the other service along
    const response = await upstream(`${origin}/digest`, { auth: context.get("auth"), signal });
    if (!response.ok) {
      await response.body?.cancel();
      return context.json({ error: "The other service refuses." }, 502); // its 401 isn't for who asks this one
    }
    return context.text(`A report for ${await response.text()}`);
  });
  return app;
}

export async function run(origin: string): Promise<string[]> {
  const app = service(origin);
  const ask = async (key: string): Promise<string> => {
    const response = await app.request("/report", { headers: { "x-api-key": key } });
    return `${response.status} ${await response.text()}`;
  };
  return [await ask("key-of-red"), await ask("key-of-blue"), await ask("key-of-red"), await ask("a guess")];
}

await standalone(import.meta.url, run);
