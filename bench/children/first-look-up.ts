// Reads a netrc file and looks a password up in it, for the first time in this process, and tells how long each took, in
// microseconds.
import { performance } from "node:perf_hooks";
import { netrc } from "@authflow/netrc";
import { MockNext } from "../groups/mock-next.ts";
import { tell } from "./child.ts";

/** Microseconds. */
export interface FirstLookUp {
  readonly reading: number;
  readonly lookingUp: number;
}

const [file = "", url = ""] = process.argv.slice(2);
const { fetch } = new MockNext();
await fetch(new Request(url)); // whatever fetches has loaded Node's own before
const start = performance.now();
const scheme = netrc({ file });
const read = performance.now();
await scheme(fetch)(url);
const lookedUp = performance.now();
tell({ reading: (read - start) * 1000, lookingUp: (lookedUp - read) * 1000 } satisfies FirstLookUp);
process.disconnect();
