import type { BodySource } from "../body/body-source.ts";
import { readBytes } from "../body/read-bytes.ts";
import { ContentNotReadError } from "../errors/content-not-read.ts";
import type { AuthScheme, Bytes, FlowRequest, FlowResponse } from "../types.ts";

const contents = new WeakMap<object, Bytes>();

function contentOf(owner: object, flag: "requiresRequestBody" | "requiresResponseBody"): Bytes {
  const content = contents.get(owner);
  if (!content) throw new ContentNotReadError(flag);
  return content;
}

/** Made at the first call: to extend the platform's Request at import would load all of the platform's fetch. */
let ContentRequest: (new (url: string, init: RequestInit) => FlowRequest) | undefined;

/** The Request that a flow is given: one property more than the platform's. */
export function contentRequest(url: string, init: RequestInit): FlowRequest {
  ContentRequest ??= class extends Request {
    // Spelled out, since the constructor that a class has by itself spreads its arguments.
    // oxlint-disable-next-line no-useless-constructor
    constructor(input: string, options: RequestInit) {
      super(input, options);
    }

    get content(): Bytes {
      return contentOf(this, "requiresRequestBody");
    }
  };
  return new ContentRequest(url, init);
}

const requestContent = contentProperty("requiresRequestBody");
const responseContent = contentProperty("requiresResponseBody");

function contentProperty(flag: "requiresRequestBody" | "requiresResponseBody"): PropertyDescriptor {
  return {
    get(this: object): Bytes {
      return contentOf(this, flag);
    },
    configurable: true,
  };
}

/** Gives the Request that an outer flow derived the property that the next flow may read. */
export function asFlowRequest(request: Request): FlowRequest {
  if (!ContentRequest || !(request instanceof ContentRequest))
    Reflect.defineProperty(request, "content", requestContent);
  return request as FlowRequest; // it has the property now
}

/** Gives a Response that property, for as long as a flow has it in hand. */
export function asFlowResponse(response: Response): FlowResponse {
  Reflect.defineProperty(response, "content", responseContent);
  return response as FlowResponse; // it has the property now
}

/** The Response as the fetch inside gave it. */
export function asPlainResponse(response: Response): Response {
  if (Object.getOwnPropertyDescriptor(response, "content")?.get === responseContent.get) {
    Reflect.deleteProperty(response, "content");
  }
  return response;
}

/** Whether a flow wants the call's body before its next step, and does not have it yet. */
export function wantsRequestContent(scheme: AuthScheme, request: FlowRequest, response?: FlowResponse): boolean {
  const { requiresRequestBody } = scheme;
  if (!requiresRequestBody || contents.has(request)) return false;
  return typeof requiresRequestBody === "function" ? requiresRequestBody.call(scheme, request, response) : true;
}

/** Whether a flow wants the body of the response that it is resumed with. */
export function wantsResponseContent(scheme: AuthScheme, response: FlowResponse): boolean {
  const { requiresResponseBody } = scheme;
  if (!requiresResponseBody || contents.has(response)) return false;
  return typeof requiresResponseBody === "function" ? requiresResponseBody.call(scheme, response) : true;
}

/** Reads the body of the call. */
export async function readRequestContent(
  request: FlowRequest,
  body: BodySource | undefined,
  limit: number,
): Promise<void> {
  setRequestContent(request, body ? await body.content(limit) : new Uint8Array(0));
}

export function setRequestContent(request: FlowRequest, content: Bytes): void {
  contents.set(request, content);
}

/** Reads the body of a response from a copy, so that the caller can still read it. */
export async function readResponseContent(
  response: FlowResponse,
  limit: number,
  onCancel: (cancel: () => void) => void,
): Promise<void> {
  contents.set(response, response.body ? await readBytes(response.clone(), limit, onCancel) : new Uint8Array(0));
}
