import { defineProject } from "vitest/config";

// Each file starts servers of its own, which takes its time where others run, too.
export default defineProject({ test: { name: "interop", testTimeout: 30_000, hookTimeout: 60_000 } });
