// What cases say of what they see. A failure names both sides.
import { type AuthError, isAuthError } from "@authflow/flow";

/** Two plain values are the same, whatever the order of their members. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [written(actual), written(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, got ${is}`);
}

/** Something holds. */
export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`expected that ${what}`);
}

/** The error that a call rejects with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("expected the call to reject, and it did not");
}

/** The error with a code that a call rejects with. */
export async function codeOf(call: Promise<unknown>, code: string): Promise<AuthError> {
  const error = await failureOf(call);
  if (isAuthError(error, code)) return error;
  throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
}

/** The error that a function throws. */
export function thrownBy(act: () => unknown): Promise<unknown> {
  return failureOf(
    new Promise((resolve) => {
      resolve(act());
    }),
  );
}

/** As JSON with its members in order, and with `undefined`. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => written(item)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return value === undefined ? "undefined" : JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}: ${written(member)}`).join(", ")}}`;
}
