/** What happens about a netrc file that other users can read or own. */
export type NetrcPermissions = "error" | "warn" | "ignore";

/** Environment variables. `NETRC` and `HOME` are read, on Windows also `USERPROFILE`. */
export interface NetrcEnvironment {
  readonly [name: string]: string | undefined;
}

/** Which netrc file is read, and under which rule. */
export interface NetrcFileOptions {
  /** The path of the file, which has to exist. Default: `NETRC`, else `.netrc` in the home, on Windows also `_netrc`. */
  readonly file?: string | URL | undefined;
  /** Where `NETRC` and the home stand. Default: `process.env`. */
  readonly env?: NetrcEnvironment | undefined;
  /**
   * What happens if others can read or own the file (POSIX only). Default: `error` for the file in the home; `ignore` for
   * one that `file` or `NETRC` names, as Python does it.
   */
  readonly permissions?: NetrcPermissions | undefined;
}
