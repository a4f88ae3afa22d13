// Import cycles between files.

/** Each cycle in a graph, once, as the list of its nodes in import order. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): void => {
    if (finished.has(node)) return;
    const start = trail.indexOf(node);
    if (start !== -1) {
      cycles.push(trail.slice(start));
      return;
    }
    trail.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    trail.pop();
    finished.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return cycles;
}
