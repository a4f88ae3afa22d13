import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A program of this folder that runs in a process of its own and answers by message. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  #complaint = "";

  /** @param program the name of the file, and what it is given as arguments */
  constructor(program: string, ...args: readonly string[]) {
    this.#process = fork(join(import.meta.dirname, program), args, {
      // Since a program that looks at its memory has to be able to collect its garbage before.
      execArgv: ["--expose-gc"],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    this.#closed = once(this.#process, "close");
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint += text;
    });
  }

  /** The next message, whose type is what the program sends; rejects when the program ends without one. */
  next<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        const what = this.#process.spawnargs.slice(2).join(" ");
        // By the time that it is closed, all that it had to say is here.
        void this.#closed.then(() => reject(new Error(`${what} ended and sent nothing. ${this.#complaint}`.trim())));
      };
      // Not on "exit", which may come before the last message has been read.
      this.#process.once("disconnect", ended);
      this.#process.once("message", (message) => {
        this.#process.off("disconnect", ended);
        resolve(message as Message); // both ends are in this folder
      });
    });
  }

  ask<Answer>(question: string): Promise<Answer> {
    const answer = this.next<Answer>();
    this.#process.send(question);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill();
    await this.#closed;
  }
}

/** Sends a message to the process that started this one. */
export function tell(message: unknown): void {
  process.send?.(message);
}
