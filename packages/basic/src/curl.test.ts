import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { basicServer } from "./fixtures/basic-server.ts";
import { basicCases } from "./fixtures/cases.ts";
import { basic } from "./index.ts";

const run = promisify(execFile);
const [, version] = /^curl (\S+)/.exec(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];

describe.skipIf(!version)(`basic beside curl ${version ?? "(skipped: curl is not installed)"}`, () => {
  const options = ["--silent", "--fail", "--disable", "--noproxy", "*", "--max-time", "10", "--output", "-"];

  it.each(basicCases().sent)("sends the header that curl sends: $id", async ({ username, password }) => {
    const userPass = `${username}:${password}`;
    await using server = await basicServer(Buffer.from(userPass));
    await run("curl", [...options, "--basic", "--user", userPass, server.origin]);
    await basic({ username, password })(fetch)(server.origin);
    const [curls, ours] = server.received;
    expect(ours?.authorization).toBe(curls?.authorization);
  });

  it("needs as many requests as curl --anyauth does, which waits for the challenge, too", async () => {
    await using server = await basicServer(Buffer.from("user:pass"));
    await run("curl", [...options, "--anyauth", "--user", "user:pass", server.origin]);
    const curls = server.received.map(({ authorization }) => authorization);
    await basic({ username: "user", password: "pass", preemptive: false })(fetch)(server.origin);
    expect(server.received.slice(curls.length).map(({ authorization }) => authorization)).toEqual(curls);
  });
});
