import { assertOption } from "./assert-option.ts";

/** A token that a grant is made with: as it is, or a function that is asked for it each time. */
export type TokenSource = string | (() => string | PromiseLike<string>);

/** What tells the tokens that come of a source from others: nobody knows what a function will give. */
export const identityOf = (source: TokenSource | undefined): string | undefined =>
  typeof source === "function" ? crypto.randomUUID() : source;

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` */
export function assertSource(name: string, source: unknown): void {
  assertOption(
    typeof source === "function" || (typeof source === "string" && source !== ""),
    `\`${name}\` is no text and no function, or empty.`,
  );
}

/** What a source gives now. */
export const valueOf = async (source: TokenSource | undefined): Promise<string | undefined> =>
  typeof source === "function" ? source() : source;
