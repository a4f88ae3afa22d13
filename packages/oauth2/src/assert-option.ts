import { InvalidOptionError } from "@authflow/flow";

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` with this sentence, unless it holds */
export function assertOption(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new InvalidOptionError(sentence);
}

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` for what is no text, or empty */
export function assertText(what: string, value: unknown): asserts value is string {
  assertOption(
    typeof value === "string" && value !== "",
    `${what} is no text, or empty. Is its environment variable set?`,
  );
}
