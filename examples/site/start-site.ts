import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** The server that the examples talk to, on a free port of this machine. */
export interface Site {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the site in a thread of its own, so that a flow which blocks this one is answered, too. */
export async function startSite(): Promise<Site> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  const [origin] = (await once(worker, "message")) as [string]; // the one thing that it says
  return {
    origin,
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
