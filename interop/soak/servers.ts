// The servers, seen from the client's side.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Seen } from "./server/site.ts";

export interface Origins {
  readonly home: string;
  readonly away: string;
}

export class Servers implements AsyncDisposable {
  readonly origins: Origins;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, origins: Origins) {
    this.#child = child;
    this.origins = origins;
  }

  static async start(): Promise<Servers> {
    const child = fork(new URL("server/process.ts", import.meta.url), { execArgv: [] });
    const [message] = (await once(child, "message")) as [{ origins: Origins }]; // as process.ts says it
    return new Servers(child, message.origins);
  }

  /** What they have seen so far. */
  async seen(): Promise<Seen> {
    const answer = once(this.#child, "message") as Promise<[{ seen: Seen }]>; // as process.ts says it
    this.#child.send("seen");
    const [{ seen }] = await answer;
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, "exit");
    this.#child.disconnect();
    await exit;
  }
}
