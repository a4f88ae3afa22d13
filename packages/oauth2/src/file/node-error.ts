/** Whether a value is an error of the operating system with this code, such as `ENOENT`. */
export const isNodeError = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** For `catch`: nothing where there is no such file, and any other error as it is. */
export function undefinedIfMissing(error: unknown): undefined {
  if (!isNodeError(error, "ENOENT")) throw error;
}
