import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "examples", "scripts"],
    coverage: { include: ["packages/*/src/**"], exclude: ["**/*.test.ts", "**/*.test-d.ts"] },
  },
});
