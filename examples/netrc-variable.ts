// The variable NETRC names the file; where it is not set, the one in the home directory counts. Nothing has to be said.
import { netrc } from "@authflow/netrc";
import { temporaryHome } from "./setting/temporary-home.ts";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response[]> {
  await using home = await temporaryHome({
    ".netrc": "machine 127.0.0.1\nlogin finley\npassword secret\n",
    "work.netrc": "machine 127.0.0.1\nlogin olivia\npassword secret\n",
  });

  process.env["NETRC"] = home.path("work.netrc");
  const named = await netrc()(fetch)(`${origin}/basic`);

  delete process.env["NETRC"];
  const fallback = await netrc()(fetch)(`${origin}/basic`);
  return [named, fallback];
}

await standalone(import.meta.url, run);
