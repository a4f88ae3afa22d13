import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findProgram } from "../scripts/workspace/program.ts";
import type { RunningServer } from "./servers/running-server.ts";
import type { Software } from "./servers/software.ts";
import { start } from "./servers/start.ts";

/**
 * Describes what happens on a real server, which is started before and stopped behind. Where it isn't installed its tests are
 * left out, which their title says; in CI, that is a failure.
 *
 * @param tests is given the server, for the tests to ask
 */
export function describeOn(software: Software, title: string, tests: (server: () => RunningServer) => void): void {
  const { name, programs } = software;
  const isInstalled = findProgram(programs) !== undefined;
  let running: RunningServer | undefined;
  const server = (): RunningServer => {
    if (!running) throw new Error(`${name} is there in tests only.`);
    return running;
  };

  describe.skipIf(!isInstalled)(
    `${title} on ${name}${isInstalled ? "" : ` (left out: ${programs.join(" or ")} is not installed)`}`,
    () => {
      beforeAll(async () => {
        running = await start(software);
      });
      beforeEach(async () => {
        await running?.requests(0); // lets go of what a test that failed left in the log
      });
      afterAll(async () => {
        await running?.stop();
      });
      tests(server);
    },
  );
  demandInCI(programs);
}

/** CI leaves nothing out. */
export function demandInCI(programs: readonly string[]): void {
  if (!process.env["CI"]) return;
  it(`has ${programs.join(" or ")}, since this is CI`, () => {
    expect(findProgram(programs), "Install it: .ci/run says how.").toBeDefined();
  });
}
