// What publint and "are the types wrong?" say of a tarball.
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData, type Problem as Wrong } from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Problem } from "../workspace/problems.ts";
import type { Tarball } from "./tarballs.ts";

/** These packages are ES modules only: what CommonJS and the resolution of Node 10 would make of them is no question. */
const NOT_ASKED: ReadonlySet<string> = new Set(["node10", "node16-cjs"]);

/** Checks the shape of a tarball. */
export async function checkShape({ pkg, path }: Tarball): Promise<Problem[]> {
  const bytes = new Uint8Array(readFileSync(path));
  const at = pkg.manifest.name;
  const [types, lint] = await Promise.all([
    checkPackage(createPackageFromTarballData(bytes)),
    publint({ pack: { tarball: bytes.buffer }, strict: true }),
  ]);
  const wrong: readonly Wrong[] = types.types ? types.problems : [];
  return [
    ...(types.types ? [] : [{ at, rule: "attw", message: "The tarball holds no types." }]),
    ...wrong
      .filter((found) => !("resolutionKind" in found && NOT_ASKED.has(found.resolutionKind)))
      .map((found) => ({ at, rule: "attw", message: explained(found) })),
    ...lint.messages.map((found) => ({ at, rule: "publint", message: formatMessage(found, lint.pkg) ?? found.code })),
  ];
}

function explained(found: Wrong): string {
  const { title, description } = problemKindInfo[found.kind];
  const where = "entrypoint" in found ? `"${found.entrypoint}" under ${found.resolutionKind}: ` : "";
  return `${where}${title}. ${description}`;
}
