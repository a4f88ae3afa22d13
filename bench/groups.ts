import { challenges } from "./groups/challenges.ts";
import { digestWire } from "./groups/digest-wire.ts";
import type { Group } from "./groups/group.ts";
import { importTime } from "./groups/import-time.ts";
import { digestSpeed, inProcess } from "./groups/in-process.ts";
import { loopback } from "./groups/loopback.ts";
import { memory } from "./groups/memory.ts";
import { netrcFiles } from "./groups/netrc-files.ts";
import { routeTables } from "./groups/routes.ts";
import { sockets } from "./groups/sockets.ts";
import { tokenRefresh } from "./groups/token-refresh.ts";
import { uploads } from "./groups/uploads.ts";

/** By the names that the command takes. */
export const groups: ReadonlyMap<string, Group> = new Map([
  ["in-process", inProcess],
  ["loopback", loopback],
  ["memory", memory],
  ["sockets", sockets],
  ["import", importTime],
  ["netrc", netrcFiles],
  ["challenges", challenges],
  ["digest-wire", digestWire],
  ["digest-speed", digestSpeed],
  ["uploads", uploads],
  ["routes", routeTables],
  ["oauth2", tokenRefresh],
]);
