import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Site, startSite } from "./site/start-site.ts";
import { chapters } from "./tour/chapters.ts";
import type { Run, Section } from "./tour/example.ts";
import { walkThrough } from "./tour/walk-through.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const sections = chapters.flatMap((chapter) => chapter.sections);
const files = sections.map(({ file }) => file);
/** What the examples prove themselves by, and what that becomes in a header. */
const SECRETS = ["secret", "token-1", "token-2", "access-", "refresh-", "signing-key", "key-1", btoa("finley:secret")];

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

/** Runs a program of this folder as a person would, and gives what it prints; not to a terminal. */
async function program(file: string, env: Readonly<Record<string, string>> = {}): Promise<Printed> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...own } = process.env;
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    env: { ...own, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the tour", () => {
  it("prints every section and every exchange, no secret and no colour in a pipe, and ends well", async () => {
    const { code, stdout, stderr } = await program("tour.ts");
    expect([code, stderr]).toEqual([0, ""]);
    for (const { title, file } of sections) expect(stdout).toContain(`${title}  examples/${file}\n`);
    const exchanges = stdout.match(/^ {4}(GET|POST) +http:\/\/127\.0\.0\.1:\d+\/\S+ +\d{3} {2}\S/gm) ?? [];
    expect(exchanges).toHaveLength(sections.flatMap(({ wire }) => wire).length);
    expect(stdout).toContain(`${sections.length} sections, ${exchanges.length} exchanges, each as the page says.`);
    expect(stdout).toContain("authorization: Basic [redacted]\n");
    expect(SECRETS.filter((secret) => stdout.includes(secret))).toEqual([]);
    expect(stdout).not.toContain("\x1b");
  });

  it("has a section for every example of this folder", () => {
    const examples = readdirSync(folder).filter((name) => /^(?!tour|vitest).*(?<!\.test)\.ts$/.test(name));
    expect(files.toSorted()).toEqual(examples);
  });

  it("stands in the README with every section", () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    expect(sections.filter(({ file }) => !readme.includes(`[\`${file}\`](${file})`))).toEqual([]);
  });

  const walk = async (
    section: Partial<Section> & { run: Run },
  ): Promise<[misbehaved: readonly string[], shown: string]> => {
    const lines: string[] = [];
    const only = { title: "Title", file: "one.ts", wire: [], says: ["finley"], ...section };
    const tour = await walkThrough([{ title: "Chapter", sections: [only] }], site.origin, (line) => lines.push(line));
    return [tour.misbehaved, lines.join("\n")];
  };

  it("finds a section that sends something else", async () => {
    const wire = ["GET /basic 401", "GET /basic 200 authorization"];
    const [misbehaved, shown] = await walk({ run: sections[0]?.run ?? fail, wire, says: ["username"] });
    expect(misbehaved).toEqual(["one.ts"]);
    expect(shown).toContain('✗ sends ["GET /basic 200 authorization"], and should have: ["GET /basic 401",');
  });

  it("finds a section that is taken for somebody else", async () => {
    const [misbehaved, shown] = await walk({ run: (origin) => fetch(`${origin}/basic`) });
    expect(misbehaved).toEqual(["one.ts"]);
    expect(shown).toContain('✗ hears ["Who are you?"], and should have: ["finley"]');
  });

  it("finds a section that throws, and goes on", async () => {
    const [misbehaved, shown] = await walk({ run: fail });
    expect(misbehaved).toEqual(["one.ts"]);
    expect(shown).toContain("✗ fails: Error: as it should");
  });
});

describe("an example", () => {
  it.each(files)("%s runs if it is the program, and not if it is imported", (file) => {
    const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
    expect(lines.at(-1)).toBe("await standalone(import.meta.url, run);");
  });

  it("prints its exchanges: node examples/custom-two-yields.ts", async () => {
    const { code, stdout, stderr } = await program("custom-two-yields.ts");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.replaceAll(/:\d+/g, ":0").replaceAll(/ +/g, " ")).toBe(
      `POST http://127.0.0.1:0/header 401 no credentials
POST http://127.0.0.1:0/header 200 x-authentication: [redacted]
→ the owner of the token
`,
    );
  });

  it("is in colours where somebody asks for them, and not where NO_COLOR is set", async () => {
    expect((await program("basic.ts", { FORCE_COLOR: "1" })).stdout).toContain("\x1b[");
    expect((await program("basic.ts", { NO_COLOR: "1" })).stdout).not.toContain("\x1b");
  });
});

async function fail(): Promise<never> {
  throw new Error("as it should");
}
