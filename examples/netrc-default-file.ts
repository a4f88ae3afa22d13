// Usernames and passwords from the netrc file in the home directory, looked up by the host of each request.
import { netrc } from "@authflow/netrc";
import { temporaryHome } from "./setting/temporary-home.ts";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  await using _ = await temporaryHome({
    ".netrc": "machine 127.0.0.1\nlogin finley\npassword secret\n",
  });

  const authFetch = netrc()(fetch);

  return await authFetch(`${origin}/basic`);
}

await standalone(import.meta.url, run);
