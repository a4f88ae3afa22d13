import { availableParallelism, cpus, loadavg } from "node:os";

/** On which machine, when, and how busy it was with other things before the first figure was taken. */
export function describeMachine(): string {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  const parts = [
    cpus()[0]?.model.trim() ?? "unknown processor",
    `${cores} cores`,
    `Node ${process.versions.node}`,
    `${process.platform} ${process.arch}`,
    new Date().toISOString().slice(0, 10),
    // Windows keeps no load average.
    ...(process.platform === "win32" ? [] : [`load ${load.toFixed(2)} before`]),
  ];
  const busy = load > cores / 4 ? " (busy: medians and intervals are wider than on a quiet machine)" : "";
  return parts.join(", ") + busy;
}
