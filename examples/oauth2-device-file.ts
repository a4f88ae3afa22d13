// A command-line program: its first start has somebody log in with another device (RFC 8628) and keeps the tokens in a file that
// only they can read; the next start finds them there; and a logout gives them back (RFC 7009).
import { deviceCode, revoke } from "@authflow/oauth2";
import { fileStore } from "@authflow/oauth2/file";
import { temporaryHome } from "./setting/temporary-home.ts";
import { standalone } from "./tour/standalone.ts";

export async function run(origin: string): Promise<Response[]> {
  await using home = await temporaryHome({});

  const login = (): ReturnType<typeof deviceCode> =>
    deviceCode({
      issuer: `${origin}/oauth`,
      clientId: "cli",
      scope: "read",
      store: fileStore(home.path(".config/cli/tokens.json"), { key: "finley" }),
      show: ({ verificationUri, userCode }) => console.log(`Go to ${verificationUri} and enter ${userCode}.`),
    });

  const first = await login()(fetch)(`${origin}/oauth/me`);
  const next = login(); // another start of the program
  const second = await next(fetch)(`${origin}/oauth/me`);
  await revoke(next);
  return [first, second];
}

await standalone(import.meta.url, run);
