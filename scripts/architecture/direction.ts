// Which package may know which, in one table. Imports go down only: a line may name only what stands in its list.

/** What every scheme is built on, and what a scheme package may import. A package that no line names is a scheme. */
const FOUNDATION: readonly string[] = ["flow", "challenge", "hash"];

const KNOWS: Readonly<Record<string, readonly string[]>> = {
  // The foundation knows no scheme, and nothing of itself either.
  flow: [],
  challenge: [],
  hash: [],
  // Schemes know the foundation and no other scheme, with one exception: netrc finds credentials, Basic sends them.
  netrc: [...FOUNDATION, "basic"],
  // What composes schemes, and what adapts them to a client.
  core: ["flow", "challenge", "basic"],
  ky: ["core", "flow"],
  // What tests stand on.
  testing: FOUNDATION,
};

/** Packages from elsewhere that the foundation may import; other packages may import what their package.json declares. */
const FROM_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  flow: [],
  challenge: [],
  hash: ["@noble/hashes"],
};

/** The folders of the packages that a package's sources may import. */
export function mayKnow(folder: string): readonly string[] {
  return KNOWS[folder] ?? FOUNDATION;
}

/** Whether a package's sources may import a package from elsewhere, as far as the direction goes. */
export function mayImportFromElsewhere(folder: string, name: string): boolean {
  return FROM_ELSEWHERE[folder]?.includes(name) ?? true;
}
