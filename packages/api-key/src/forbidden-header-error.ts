import { AuthError } from "@authflow/flow";

/** `ERR_AUTHFLOW_FORBIDDEN_HEADER`: the platform lets no script set the header field that the key would stand in. */
export class ForbiddenHeaderError extends AuthError {
  constructor(header: string) {
    super(
      "ERR_AUTHFLOW_FORBIDDEN_HEADER",
      `This platform drops the header field "${header}", as browsers do, so the key would never be sent. Put it elsewhere, or send it from a server.`,
    );
  }

  override get name(): string {
    return "ForbiddenHeaderError";
  }
}
