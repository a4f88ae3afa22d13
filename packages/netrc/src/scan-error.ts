import { NetrcError } from "#netrc-error";

/** A place in a text. */
export interface Spot {
  readonly text: string;
  readonly file: string | undefined;
  readonly offset: number;
}

const nameOf = (file: string | undefined): string => file ?? "the netrc text";

/** `ERR_AUTHFLOW_NETRC_SYNTAX`, with the line of the spot. */
export function syntaxError({ text, file, offset }: Spot, what: string): NetrcError {
  const line = text.slice(0, offset).split(/\r\n|\r|\n/).length;
  return new NetrcError("ERR_AUTHFLOW_NETRC_SYNTAX", `Line ${line} of ${nameOf(file)}: ${what}`, { file, line });
}

/** `ERR_AUTHFLOW_NETRC_TOO_LARGE`. */
export function tooLarge(file: string | undefined): NetrcError {
  return new NetrcError(
    "ERR_AUTHFLOW_NETRC_TOO_LARGE",
    `No more than 1 MiB is read, and ${nameOf(file)} has more. Make sure that it is a netrc file.`,
    { file },
  );
}

/** `ERR_AUTHFLOW_NETRC_ENCODING`: UTF-16, most likely. */
export function wrongEncoding(file: string | undefined): NetrcError {
  return new NetrcError(
    "ERR_AUTHFLOW_NETRC_ENCODING",
    `NUL characters or a UTF-16 mark stand in ${nameOf(file)}. Save it as UTF-8.`,
    { file },
  );
}
