const SIZE = 1024 * 1024;

/** Texts of 1 MiB that were made to be slow to read, by what they are full of. */
export const HOSTILE_TEXTS: ReadonlyMap<string, string> = new Map([
  ["blank lines", filled("\n")],
  ["blank lines with CR LF", filled("\r\n")],
  ["blanks in one line", filled(" ", "machine a")],
  ["one long token", filled("a", "machine ")],
  ["one long quoted value", `${filled("\\\\", 'machine a login "').slice(0, -2)}"\n`],
  ["empty quotes", filled('""', "machine a ")],
  ["a quote that is never closed", filled("\\", 'machine a password "')],
  ["comments", filled("#\n")],
  ["macros", filled("macdef m\n\n")],
  ["macros that never end", filled("macdef ")],
  ["one macro with nearly blank lines", filled(`${" ".repeat(1000)}x\n`, "macdef m\n")],
  ["machines", filled("machine a\n")],
  ["machines with all that they can say", filled("machine a login b password c account d\n")],
  ["the line that hangs netrc-parser", filled(`machine ${"a".repeat(28)} # c\r\n`)],
]);

function filled(unit: string, opening = ""): string {
  return opening + unit.repeat(Math.floor((SIZE - opening.length) / unit.length));
}
