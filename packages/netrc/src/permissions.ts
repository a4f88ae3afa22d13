import type { BigIntStats } from "node:fs";
import { NetrcError } from "#netrc-error";
import type { NetrcPermissions } from "./options.ts";

/**
 * Holds a file to the rule of ftp and Python: it belongs to this user, and to nobody else's eyes. Only POSIX has the bits.
 *
 * @throws `ERR_AUTHFLOW_NETRC_PERMISSIONS` if the rule is `error`
 */
export function checkPermissions(file: string, { uid, mode }: BigIntStats, rule: NetrcPermissions): void {
  const user = process.getuid?.();
  if (rule === "ignore" || user === undefined) return;
  const foreign = uid !== BigInt(user);
  if (!foreign && (mode & 0o077n) === 0n) return;
  const problem = foreign ? "belongs to another user" : "can be opened by other users";
  const remedy = foreign ? `chown $(id -u) ${file}` : `chmod 600 ${file}`;
  const message = `${file} ${problem}. Run \`${remedy}\`, or set \`permissions\` to "warn" or "ignore".`;
  if (rule === "error") throw new NetrcError("ERR_AUTHFLOW_NETRC_PERMISSIONS", message, { file });
  process.emitWarning(message, { code: "ERR_AUTHFLOW_NETRC_PERMISSIONS" });
}
