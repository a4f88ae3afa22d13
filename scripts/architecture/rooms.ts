// The rooms inside a package, lowest floor first. A file may import its own floor and those below, never one above.
// A file belongs to the room that its first folder or its name up to the first dot says: errors/auth-error.ts and
// errors.ts are both of the room `errors`.

export interface Floor {
  readonly rooms: readonly string[];
  /** What the floor is for, shown when a file has no room. */
  readonly purpose: string;
}

const FLOORS: Readonly<Record<string, readonly Floor[]>> = {
  flow: [
    {
      rooms: ["types", "errors", "octets", "headers", "redact", "shape", "tag", "waiting"],
      purpose: "the words of the contract, and what may be said about a failure",
    },
    { rooms: ["origin", "body"], purpose: "where a request goes, and what of it can be sent again" },
    { rooms: ["redirect", "history"], purpose: "what follows a response, and what is told about it" },
    { rooms: ["run"], purpose: "drives a generator; the only room that sends" },
    { rooms: ["scheme"], purpose: "what a scheme is made with (defineScheme)" },
    { rooms: ["index"], purpose: "the public face" },
  ],
};

/** The one room whose files call `next(`: its package, and its name. */
export const SENDS = { folder: "flow", room: "run" } as const;

/** The floors of a package, if it has rooms. */
export function floorsOf(folder: string): readonly Floor[] | undefined {
  return FLOORS[folder];
}

/** The room of a file, given its path from `src`: "errors/auth-error.ts" is of the room "errors". */
export function roomOf(pathInSrc: string): string {
  return pathInSrc.replace(/[/.].*$/, "");
}

/** The number of a room's floor, from 0 at the bottom; -1 when the package has no such room. */
export function floorOf(floors: readonly Floor[], room: string): number {
  return floors.findIndex(({ rooms }) => rooms.includes(room));
}
