// The pages of the API: one for each name that can be imported.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { importNames } from "../scripts/workspace/entries.ts";
import { publicPackages } from "../scripts/workspace/packages.ts";

export interface ApiPage {
  /** As it is imported: "@authflow/netrc/text". */
  readonly name: string;
  /** Where it is on the site: "api/netrc-text". */
  readonly path: string;
  /** The source that documents it, as an absolute path: where there are several for several platforms, the one of the types. */
  readonly source: string;
}

export function apiPages(): ApiPage[] {
  return publicPackages().flatMap((pkg) =>
    [...importNames(pkg)].flatMap(([name, entries]) => {
      const entry = entries.find(({ conditions }) => conditions.includes("types")) ?? entries[0];
      const source = join(pkg.dir, entry?.source ?? "");
      const path = `api/${name.replace("@authflow/", "").replaceAll("/", "-")}`;
      return existsSync(source) && entry ? [{ name, path, source }] : [];
    }),
  );
}
