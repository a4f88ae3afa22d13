import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesBelow, root, shown } from "../workspace/packages.ts";
import { run, type Outcome } from "../workspace/run.ts";
import { scratchCopy, type Scratch } from "../workspace/scratch.ts";

// Everything is asked of the new package where CI is set: type-checking and linting it, and running the documentation of
// the whole workspace, take half a minute.
const whole = Boolean(process.env["CI"]);
const TIMEOUT = 300_000;

describe("npm run new-scheme", () => {
  let scratch: Scratch;
  let generated: Outcome;

  const inCopy = (program: string, ...args: readonly string[]): Promise<Outcome> =>
    run(program, args, { cwd: scratch.dir, env: { NO_COLOR: "1", CI: "" } });
  const script = (file: string, ...args: readonly string[]): Promise<Outcome> =>
    inCopy(process.execPath, join(scratch.dir, "scripts", file), ...args);
  const read = (path: string): string => readFileSync(join(scratch.dir, path), "utf8");

  beforeAll(async () => {
    scratch = scratchCopy();
    writeFileSync(join(scratch.dir, "conformance/client-cert.json"), '{ "cases": [{ "id": "from-elsewhere" }] }\n');
    generated = await script("new-scheme.ts", "client-cert", "--no-install");
    const place = join(scratch.dir, "packages/client-cert/node_modules/@authflow");
    mkdirSync(place, { recursive: true });
    for (const sibling of ["flow", "testing"]) {
      symlinkSync(join(scratch.dir, "packages", sibling), join(place, sibling), "junction");
    }
  }, TIMEOUT);
  afterAll(() => scratch[Symbol.dispose]());

  it("writes a package, and says what and what next", () => {
    expect(generated).toMatchObject({ code: 0 });
    const files = filesBelow(join(scratch.dir, "packages/client-cert"), /./).map((path) =>
      shown(path, join(scratch.dir, "packages/client-cert")),
    );
    expect(files).toEqual([
      "README.md",
      "package.json",
      "src/client-cert.test-d.ts",
      "src/client-cert.test.ts",
      "src/client-cert.ts",
      "src/conformance.test.ts",
      "src/index.ts",
      "src/invalid-client-cert-error.ts",
      "src/loopback.test.ts",
      "src/options.ts",
      "src/secrets.test.ts",
      "tsconfig.json",
    ]);
    for (const file of files) expect(generated.stdout).toContain(`packages/client-cert/${file}`);
    expect(generated.stdout).toContain("npx vitest --project client-cert");
    expect(files.map((file) => read(`packages/client-cert/${file}`)).join("\n")).not.toMatch(/__\w+__/);
  });

  it("puts it into the table of the README, and changes nothing else there", () => {
    expect(read("README.md")).toContain("[`@authflow/client-cert`](packages/client-cert)");
    const prose = (text: string): string => text.replace(/<!-- packages:[^]*<!-- \/packages -->/, "");
    expect(prose(read("README.md"))).toBe(prose(readFileSync(join(root, "README.md"), "utf8")));
  });

  it(
    "is green at once",
    async () => {
      const asked = [
        script("check-architecture.ts"),
        script("check-faces.ts"),
        script("packages-table.ts", "--check"),
        inCopy("oxfmt", "--check", "packages/client-cert", "docs/errors.md", "tsconfig.json", "scripts/budgets.json"),
      ];
      for (const { output } of await Promise.all(asked)) {
        // What others are about to change in this tree is none of its business.
        expect(output).not.toMatch(/client-cert(?!\S* +\d)[^]*\d+ problems?/);
        expect(output).not.toMatch(/Format issues/);
      }
      const tests = await inCopy("vitest", "run", "--project", "client-cert");
      expect(tests.output).toMatch(/Tests {2}\d+ passed \(\d+\)/);
    },
    TIMEOUT,
  );

  it.runIf(whole)(
    "is green in every check",
    async () => {
      const checks = ["architecture", "faces", "format", "lint", "types", "table", "sizes", "readmes"];
      const asked = [
        await script("check.ts", ...checks),
        await script("check-api.ts"),
        await inCopy("vitest", "run", "--project", "examples", "documentation"),
      ];
      expect(asked.filter(({ code }) => code !== 0).map(({ output }) => output)).toEqual([]);
    },
    TIMEOUT,
  );

  it("refuses a name that is taken with a sentence, and writes nothing", async () => {
    const before = filesBelow(join(scratch.dir, "packages"), /./);
    const refused = await script("new-scheme.ts", "client-cert");
    expect(refused).toMatchObject({
      code: 1,
      output: "packages/client-cert is there already. Choose another name, or work on that one.\n",
    });
    expect(filesBelow(join(scratch.dir, "packages"), /./)).toEqual(before);
  });
});
