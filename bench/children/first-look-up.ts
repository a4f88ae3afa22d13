// Looks a password up in a file, for the first time in this process, and tells how long that took, in microseconds.
import { performance } from "node:perf_hooks";
import { netrc } from "@authflow/netrc";
import { MockNext } from "../groups/mock-next.ts";
import { tell } from "./child.ts";

const [file = "", url = ""] = process.argv.slice(2);
const { fetch } = new MockNext();
await fetch(new Request(url)); // whatever fetches has loaded Node's own before
const start = performance.now();
await netrc({ file })(fetch)(url);
tell((performance.now() - start) * 1000);
process.disconnect();
