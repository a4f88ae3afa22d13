import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_TOO_MANY_STEPS`: a flow went on yielding past the limit. */
export class TooManyStepsError extends AuthError {
  constructor(scheme: string, limit: number) {
    super(
      "ERR_AUTHFLOW_TOO_MANY_STEPS",
      `The flow of "${scheme}" yielded over ${limit} requests in a call. Answer a challenge once, then return.`,
    );
  }

  override get name(): string {
    return "TooManyStepsError";
  }
}
