import {
  defineScheme,
  InsecureTransportError,
  type FlowContext,
  isInsecure,
  originSet,
  type Scheme,
} from "@authflow/flow";
import type { Endpoint } from "./endpoint.ts";
import type { Grant } from "./grant.ts";
import { keepTokens, type KeptTokens } from "./kept-tokens.ts";
import type { SendingOptions, TokenOptions } from "./options.ts";
import { refuses } from "./refusal.ts";
import type { TokenSet } from "./token-set.ts";

/** What there is behind a scheme, for `revoke`. */
export interface Behind {
  readonly endpoint: Endpoint;
  readonly tokens: KeptTokens;
}

const schemes = new WeakMap<object, Behind>();

/** What there is behind a scheme that {@link schemeOf} made. */
export const behind = (scheme: object): Behind | undefined => schemes.get(scheme);

/**
 * Makes the scheme of a grant: it gets tokens when a call needs one, and sends the access token with each request.
 *
 * @param endpoint where its tokens come from
 * @returns what a factory of this package returns
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function schemeOf(
  grant: Grant,
  endpoint: Endpoint,
  options: SendingOptions & TokenOptions & { readonly timeLimit?: number | undefined },
): Scheme {
  const { origins, requireHttps, bare401 = false, header = "authorization", format = bearer } = options;
  const tokens = keepTokens(grant, options);
  const carrying = (request: Request, { accessToken }: TokenSet): Request => {
    request.headers.set(header, format(accessToken));
    return request;
  };
  const scheme = defineScheme({
    name: "oauth2",
    ...(origins !== undefined && { origins: [...originSet(origins)] }),

    async *authFlow(request: Request, { signal, send }: FlowContext) {
      if (requireHttps) refusePlainHttp(request.url);
      const first = await tokens.get(send, signal);
      const response = yield carrying(request, first);
      // A scheme further outside may have set another one, and then this one was not refused.
      if (request.headers.get(header) !== format(first.accessToken) || !refuses(response, bare401)) return;
      const second = await tokens.get(send, signal, first);
      if (second.accessToken !== first.accessToken) yield carrying(request, second);
    },
  });
  schemes.set(scheme, { endpoint, tokens });
  return scheme;
}

/** RFC 6750 §2.1 */
const bearer = (accessToken: string): string => `Bearer ${accessToken}`;

function refusePlainHttp(text: string): void {
  const url = new URL(text);
  // Without the query, which may hold secrets.
  if (isInsecure(url)) throw new InsecureTransportError("oauth2", url.origin + url.pathname);
}
