// What is published, installed outside of the workspace, as the runtime itself finds it.

/** How a runtime gets at what is installed. */
export interface Installed {
  /** The entries that are for this runtime, each with the names of the values that its source exports. */
  readonly entries: readonly (readonly [name: string, values: readonly string[]])[];
  readonly load: (name: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Undefined where there is none. */
  readonly require: ((name: string) => Readonly<Record<string, unknown>>) | undefined;
}
