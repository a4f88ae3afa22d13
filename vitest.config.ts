import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Many tests wait for a server, so more of them than there are cores run side by side.
    maxWorkers: 4,
    projects: ["packages/*", "examples", "scripts", "interop", "bench"],
    coverage: { include: ["packages/*/src/**"], exclude: ["**/*.test.ts", "**/*.test-d.ts"] },
  },
});
