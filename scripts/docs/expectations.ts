// What a block says it prints: `console.log(response.status); // → 200`. Once a block states one line it states all of
// them, in the order in which they are printed; `…` stands for anything (a port, a nonce, a duration).

/** The lines that the code says are printed, each with its place in the code, from 0. */
export function expectedLines(code: readonly string[]): { text: string; index: number }[] {
  return code.flatMap((line, index) => {
    const stated = /\/\/ →(?: (.*))?$/.exec(line);
    return stated ? [{ text: stated[1] ?? "", index }] : [];
  });
}

/** Whether a printed line is what was stated. */
export function isAsStated(printed: string, stated: string): boolean {
  const pattern = stated
    .trimEnd()
    .split("…")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(printed.trimEnd());
}

/** The lines of a program's output. */
export function printedLines(stdout: string): string[] {
  return stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n");
}
