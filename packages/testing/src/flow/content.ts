import type { Bytes } from "@authflow/flow";
import { type AuthScheme, ContentNotReadError, type FlowRequest, type FlowResponse } from "@authflow/flow";

/** The request that a flow is given: without a body of its own, as the runner makes it. */
export function flowRequest({ url, method, headers }: Request): FlowRequest {
  const request = new Request(url, { method, headers, redirect: "manual" });
  return withContent(request, "requiresRequestBody") as FlowRequest; // it has the property now
}

/** The response that a flow is resumed with: the very object that the test gave. */
export function flowResponse(response: Response): FlowResponse {
  return withContent(response, "requiresResponseBody") as FlowResponse; // it has the property now
}

/** The response as the test gave it. */
export function plainResponse(response: Response): Response {
  Reflect.deleteProperty(response, "content");
  return response;
}

function withContent<T extends object>(owner: T, flag: "requiresRequestBody" | "requiresResponseBody"): T {
  Object.defineProperty(owner, "content", {
    get(): never {
      throw new ContentNotReadError(flag);
    },
    configurable: true,
  });
  return owner;
}

/** Lets a flow read the body of the call, if it asks to before this step. */
export function giveRequestContent(
  scheme: AuthScheme,
  request: FlowRequest,
  body: Bytes,
  response?: FlowResponse,
): void {
  const { requiresRequestBody } = scheme;
  const wants =
    typeof requiresRequestBody === "function"
      ? requiresRequestBody.call(scheme, request, response)
      : requiresRequestBody;
  if (wants) Object.defineProperty(request, "content", { value: body, configurable: true });
}

/** Lets a flow read the body of a response, if it asks to; the response itself stays readable. */
export async function giveResponseContent(scheme: AuthScheme, response: FlowResponse): Promise<void> {
  const { requiresResponseBody } = scheme;
  const wants =
    typeof requiresResponseBody === "function" ? requiresResponseBody.call(scheme, response) : requiresResponseBody;
  if (!wants) return;
  const value = new Uint8Array(await response.clone().arrayBuffer());
  Object.defineProperty(response, "content", { value, configurable: true });
}
