// ky, with the tokens of a login (RFC 6749 §6): when the access token is refused, one refresh gets the next for all calls.
import { kyAuth } from "@authflow/ky";
import { refreshToken } from "@authflow/oauth2";
import ky from "ky";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response[]> {
  const scheme = refreshToken({
    tokenEndpoint: `${origin}/oauth/token`,
    clientId: "app",
    tokens: { accessToken: "access-1", refreshToken: "refresh-1" },
  });
  const api = ky.extend(kyAuth(scheme));

  // One after the other, so that what goes over the wire has an order.
  const first = await api.get(`${origin}/oauth/me`);
  return [first, await api.get(`${origin}/oauth/me`)];
}

await standalone(import.meta.url, run);
