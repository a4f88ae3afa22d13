// What a page says to install.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace/packages.ts";
import { fencesIn } from "./fences.ts";

/** The packages in the page's install commands, without versions. */
export function installedBy(page: string): Set<string> {
  const commands = fencesIn(readFileSync(join(root, page), "utf8").split("\n"))
    .filter(({ language }) => /^(sh|shell|bash|console)$/.test(language))
    .flatMap(({ code }) => code)
    .flatMap(
      (line) => /\b(?:npm (?:i|install|add)|(?:pnpm|yarn|bun|deno) add)\s+(.*?)(?:\s+#.*)?$/.exec(line)?.[1] ?? [],
    );
  const words = commands.flatMap((command) => command.split(/\s+/)).filter((word) => !word.startsWith("-"));
  return new Set(words.map((word) => word.replace(/^npm:/, "").replace(/(?<=.)@.*$/, "")));
}
