import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INSECURE_TRANSPORT`: credentials would have gone over plain http, and `requireHttps` forbids it. */
export class InsecureTransportError extends AuthError {
  constructor(scheme: string, url: string) {
    super(
      "ERR_AUTHFLOW_INSECURE_TRANSPORT",
      `"${scheme}" is set to requireHttps, and ${url} is plain http. Nothing was sent. Use https, or leave requireHttps off for this host.`,
      { url },
    );
  }

  override get name(): string {
    return "InsecureTransportError";
  }
}
