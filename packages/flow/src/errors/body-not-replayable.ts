import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_BODY_NOT_REPLAYABLE`: the body had to be sent a second time, and it is gone. What asked for it, a 401
 * or a 307, is in `response`, unread. */
export class BodyNotReplayableError extends AuthError {
  constructor(url: string, response: Response | undefined) {
    super(
      "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE",
      `${url} wants the body a second time, and more of the stream went out than is recorded. Raise replayLimit, or give the body as a function that makes it: body: () => stream.`,
      { url, response },
    );
  }

  override get name(): string {
    return "BodyNotReplayableError";
  }
}
