import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { basicServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { basicCases } from "./fixtures/cases.ts";
import { authorizationsOf } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

const run = promisify(execFile);
const [, version] = /^curl (\S+)/.exec(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];

describe.skipIf(!version)(`basic beside curl ${version ?? "(left out: curl is not installed)"}`, () => {
  // --disable comes first: no .curlrc has a say here.
  const options = ["--disable", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "10"];

  it.each(basicCases().sent)("sends the header that curl sends: $id", async ({ username, password }) => {
    await using server = await basicServer({ accounts: { [username]: password } });
    await run("curl", [...options, "--basic", "--user", `${username}:${password}`, server.url()]);
    await basic({ username, password })(fetch)(server.url());
    const [curls, ours] = authorizationsOf(server.requests);
    expect(curls).toMatch(/^Basic /);
    expect(ours).toBe(curls);
  });

  it("sends the requests that curl --anyauth sends, which waits for the challenge, too", async () => {
    await using server = await basicServer({ accounts: { user: "pass" } });
    await run("curl", [...options, "--anyauth", "--user", "user:pass", server.url()]);
    const curls = authorizationsOf(server.requests);
    await basic({ username: "user", password: "pass", preemptive: false })(fetch)(server.url());
    expect(authorizationsOf(server.requests).slice(curls.length)).toEqual(curls);
  });
});
