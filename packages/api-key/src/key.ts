import { InvalidCredentialsError } from "@authflow/flow";

/**
 * The key, from whatever a caller gave.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`
 */
export function keyOf(value: unknown): string {
  if (typeof value !== "string") throw keyRefusal(`is ${typeof value}. Give { value } as text.`);
  if (value === "") throw keyRefusal("is empty.");
  if (/[\0-\x1f\x7f]/.test(value)) {
    throw keyRefusal("holds a control character. If it was read from a file, trim the line end.");
  }
  return value;
}

/** An error that says what is wrong with the key, and never shows it. */
export function keyRefusal(problem: string): InvalidCredentialsError {
  return new InvalidCredentialsError(`The key ${problem}`);
}
