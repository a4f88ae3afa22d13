import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_FLOW_KIND`: the scheme has only the kind of flow that this runner can't drive. */
export class FlowKindError extends AuthError {
  constructor(scheme: string, wanted: "sync" | "async") {
    super(
      "ERR_AUTHFLOW_FLOW_KIND",
      wanted === "sync"
        ? `"${scheme}" has no flow that runs synchronously. Use it with runFlow, or give it a syncAuthFlow.`
        : `"${scheme}" has only a syncAuthFlow. Use it with runFlowSync, or give it an authFlow or asyncAuthFlow.`,
    );
  }

  override get name(): string {
    return "FlowKindError";
  }
}
