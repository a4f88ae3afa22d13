import { defineProject } from "vitest/config";

// Examples that block, and the tour, start processes, which takes its time where others run, too.
export default defineProject({ test: { name: "examples", testTimeout: 60_000 } });
