// The thread of the site: says where it listens, and answers until it is ended.
import { parentPort } from "node:worker_threads";
import { startServer } from "@authflow/testing/server";
import { answer } from "./pages.ts";

const { origin } = await startServer(answer);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, not to a window
parentPort?.postMessage(origin);
