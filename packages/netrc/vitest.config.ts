import { defineProject } from "vitest/config";

export default defineProject({ test: { name: "netrc", testTimeout: 30_000 } });
