import { readdirSync } from "node:fs";
import { type TestProjectConfiguration, defineConfig } from "vitest/config";

/** Tests for which it counts whether nock is active yet, which it is from its import on: they get a process each. */
const WITH_NOCK = "**/*nock.test.ts";

/** In milliseconds. It ends what hangs; no test has to be quick, since others run beside it. */
const LIMIT = 60_000;

/** The tests of a folder, under its last name. Their files share processes, and leave them as they found them. */
function tests(folder: string): TestProjectConfiguration {
  return {
    root: folder,
    test: {
      name: folder.replace("packages/", ""),
      isolate: false,
      exclude: [WITH_NOCK, "**/node_modules/**"],
      testTimeout: LIMIT,
      hookTimeout: LIMIT,
    },
  };
}

const packages = readdirSync(new URL("packages", import.meta.url)).map((name) => `packages/${name}`);

export default defineConfig({
  test: {
    // One for each core: since files share processes, more would only load everything more often.
    maxWorkers: "100%",
    projects: [
      ...[...packages, "examples", "scripts", "interop", "bench"].map(tests),
      { test: { name: "nock", include: [`packages/${WITH_NOCK}`] } },
    ],
    coverage: { include: ["packages/*/src/**"], exclude: ["**/*.test.ts", "**/*.test-d.ts"] },
  },
});
