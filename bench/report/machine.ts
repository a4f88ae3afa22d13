import { availableParallelism, cpus, loadavg } from "node:os";

/** The machine as it is when a run begins, before that run is itself a part of its load. */
export class Machine {
  readonly #load = load();
  readonly #cores = availableParallelism();

  /** On what, when, and beside which other work something was measured. */
  describe(): string {
    const { platform, arch, versions } = process;
    const model = cpus()[0]?.model.trim() ?? "unknown processor";
    const date = new Date().toISOString().slice(0, 10);
    const facts = `${model}, ${this.#cores} cores, Node ${versions.node}, ${platform} ${arch}, ${date}`;
    if (platform === "win32") return `${facts}.`; // which keeps no load average
    const busy = this.#load > this.#cores / 4 ? " The machine had other work: expect more noise." : "";
    return `${facts}; load ${this.#load.toFixed(2)} before the run, ${load().toFixed(2)} after this group.${busy}`;
  }
}

/** How many processes wanted a core, in the mean of the last minute. */
function load(): number {
  const [minute = 0] = loadavg();
  return minute;
}
