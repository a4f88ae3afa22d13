/** Where one server lives. */
export interface Place {
  /** An absolute path; everything that the server reads or writes is below. */
  readonly folder: string;
  /** Two ports of 127.0.0.1, which makes two origins of one site. */
  readonly port: number;
  readonly otherPort: number;
}

/** A program that serves, and how it is told to serve the site of these tests. */
export interface Software {
  readonly name: string;
  /** What the program is called, the first that is found. */
  readonly programs: readonly string[];
  /** Files that it needs, by their path below the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Its configuration; the file is called `server.conf`. It writes `access.log` as `access-log.ts` reads it. */
  configuration(place: Place): string;
  /** How it is started: in the foreground, so that it ends with its process. */
  arguments(place: Place): string[];
  /** Makes it write what it keeps of the log, where it keeps anything. */
  readonly flushSignal?: NodeJS.Signals;
}

/** The path that each server serves without asking; the file holds the name of the folder. */
export const OPEN_PATH = "/open/index.txt";
