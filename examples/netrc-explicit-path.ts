// A netrc file that is named in code. It has to be there when the scheme is made.
import { netrc } from "@authflow/netrc";
import { temporaryHome } from "./setting/temporary-home.ts";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response> {
  await using home = await temporaryHome({
    "work.netrc": "machine 127.0.0.1\nlogin olivia\npassword secret\n",
  });

  const authFetch = netrc({ file: home.path("work.netrc") })(fetch);

  return await authFetch(`${origin}/basic`);
}

await standalone(import.meta.url, run);
