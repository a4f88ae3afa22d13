import type { ChildProcess } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type LoggedRequest, readLog, told } from "./access-log.ts";
import { eventually } from "./eventually.ts";
import { endProcess } from "./process.ts";
import { OPEN_PATH, type Place, type Software } from "./software.ts";

/** A server that answers. */
export class RunningServer {
  readonly #software: Software;
  readonly #place: Place;
  readonly #child: ChildProcess;
  #logLength = 0;
  #marks = 0;

  constructor(software: Software, place: Place, child: ChildProcess) {
    this.#software = software;
    this.#place = place;
    this.#child = child;
  }

  /** A URL of the site. */
  url(path: string): string {
    return `http://127.0.0.1:${this.#place.port}${path}`;
  }

  /** The same path of the same site at its other port: another origin. */
  otherUrl(path: string): string {
    return `http://127.0.0.1:${this.#place.otherPort}${path}`;
  }

  /**
   * The requests that the server saw since this was last asked.
   *
   * @param count how many there should be: a server with threads may log them a moment after it answered. If there are
   * more, they are all here
   */
  async requests(count: number): Promise<LoggedRequest[]> {
    const mark = `${OPEN_PATH}?mark=${++this.#marks}`;
    await this.get(mark);
    const flush = this.#software.flushSignal;
    const log = await eventually(`the log of ${this.#software.name} did not tell of ${count} requests`, async () => {
      if (flush) this.#child.kill(flush);
      const text = await readFile(join(this.#place.folder, "access.log"), "latin1");
      const requests = readLog(text.split("\n").slice(this.#logLength).join("\n"));
      return requests.length > count && requests.some(({ target }) => target === mark) ? requests : undefined;
    });
    this.#logLength += log.length;
    return log.filter(({ target }) => target !== mark);
  }

  /** The same in words: `GET /basic/index.txt with Basic: 200`. */
  async told(count: number): Promise<string[]> {
    return (await this.requests(count)).map(told);
  }

  /** The text of an answer, by a client that knows nothing of authentication. */
  async get(path: string): Promise<string> {
    return (await fetch(this.url(path), { signal: AbortSignal.timeout(10_000) })).text();
  }

  /** The octets of a file below the site's root, such as one that was uploaded. */
  async file(path: string): Promise<Uint8Array> {
    return readFile(join(this.#place.folder, "htdocs", path));
  }

  /** Ends the process, and removes what it wrote. */
  async stop(): Promise<void> {
    await endProcess(this.#child);
    await rm(this.#place.folder, { recursive: true });
  }
}
