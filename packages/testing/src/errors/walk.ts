import { AuthError } from "@authflow/flow";

/** `ERR_AUTHFLOW_WALK`: a flow and the responses given to it don't fit: it wants more of them, or fewer. */
export class WalkError extends AuthError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("ERR_AUTHFLOW_WALK", message, options);
  }

  override get name(): string {
    return "WalkError";
  }
}
