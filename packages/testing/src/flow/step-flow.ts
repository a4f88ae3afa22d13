import { type AuthFunction, type AuthScheme, defineScheme, type SchemeBase } from "@authflow/flow";
import { WalkError } from "../errors/walk.ts";
import { NO_BYTES } from "../recorded-request.ts";
import { flowRequest } from "./content.ts";
import { FlowDriver } from "./driver.ts";
import type { StepOptions } from "./step.ts";
import { SteppedFlow } from "./stepped-flow.ts";

/**
 * Opens a flow to be stepped by hand, where an answer depends on what was sent.
 *
 * @param scheme a scheme with a flow of any kind, or a function `(request) => request`
 * @param request what the call sends; it stays as it is, its body too
 * @returns the flow; nothing of it has run yet
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no scheme
 * @throws `ERR_AUTHFLOW_WALK` for a scheme without a flow of the kind that was asked for, and for what is no Request
 *
 * @example
 * ```ts
 * import { stepFlow } from "@authflow/testing";
 *
 * const scheme = {
 *   name: "echo",
 *   *authFlow(request: Request) {
 *     const response: Response = yield request;
 *     request.headers.set("x-nonce", response.headers.get("x-nonce") ?? "");
 *     yield request;
 *   },
 * };
 * await using flow = await stepFlow(scheme, new Request("https://example.com/"));
 * await flow.next();
 * const second = await flow.next(new Response(null, { status: 401, headers: { "x-nonce": "n1" } }));
 * console.log(second.headers.get("x-nonce")); // → n1
 * const response = await flow.end(new Response("hello"));
 * console.log(await response.text()); // → hello
 * ```
 */
export async function stepFlow(
  scheme: AuthScheme | AuthFunction,
  request: Request,
  options: StepOptions = {},
): Promise<SteppedFlow> {
  const defined = defineScheme(scheme);
  if (typeof (request as Partial<Request> | undefined)?.clone !== "function") {
    throw new WalkError(`The flow of "${defined.name}" begins with a Request. Give it new Request(url).`);
  }
  const body = request.body ? new Uint8Array(await request.clone().arrayBuffer()) : NO_BYTES;
  const driver = new FlowDriver(defined, flowRequest(request), body, isAuthFunction(scheme), options);
  return new SteppedFlow(defined.name, driver);
}

/** Whether a scheme is a function `(request) => request`, by itself or defined as a scheme. */
function isAuthFunction(scheme: AuthScheme | AuthFunction): boolean {
  if (typeof scheme !== "function") return false;
  const { authFlow, syncAuthFlow, asyncAuthFlow } = scheme as Omit<AuthScheme, keyof SchemeBase>;
  return !authFlow && Boolean(syncAuthFlow) === Boolean(asyncAuthFlow);
}
