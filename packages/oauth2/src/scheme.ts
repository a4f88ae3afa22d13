import {
  defineScheme,
  InvalidCredentialsError,
  type FlowContext,
  originSet,
  refuseInsecure,
  type Scheme,
} from "@authflow/flow";
import { assertOption } from "./assert-option.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Grant } from "./grant.ts";
import { keepTokens, type KeptTokens } from "./kept-tokens.ts";
import type { SendingOptions, TokenOptions } from "./options.ts";
import { refuses } from "./refusal.ts";

/** RFC 9110 §5.1 */
const FIELD_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** §5.5: what a header takes on every platform. Their errors would print the token. */
const FIELD_VALUE = /^[\x20-\x7e\x80-\xff]*$/;

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
 * @param keep keeps them
 * @returns what a factory of this package returns
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function schemeOf(
  grant: Grant,
  endpoint: Endpoint,
  options: SendingOptions & TokenOptions,
  keep: (...parts: Parameters<typeof keepTokens>) => KeptTokens = keepTokens,
): Scheme {
  const { origins, requireHttps, bare401 = false, header = "authorization", format = bearer } = options;
  assertOption(FIELD_NAME.test(header), "`header` is no name of a header field (RFC 9110 §5.1).");
  const tokens = keep(grant, options, endpoint.client);
  /** Puts the token into a request; gives what stands there now. */
  const carry = ({ headers }: Request, accessToken: string): string | null => {
    const value: unknown = format(accessToken);
    if (typeof value !== "string" || !FIELD_VALUE.test(value)) {
      throw new InvalidCredentialsError(
        "The access token, or what `format` makes of it, holds a character that no header can hold. Log in again, or mend `format`.",
      );
    }
    headers.set(header, value);
    return headers.get(header);
  };
  const scheme = defineScheme({
    name: "oauth2",
    origins: origins && [...originSet(origins)],
    secretNames: [header],

    async *authFlow(request: Request, { signal, send }: FlowContext) {
      if (requireHttps) refuseInsecure("oauth2", request.url);
      const first = await tokens.get(send, signal);
      const sent = carry(request, first.accessToken);
      const response = yield request;
      // A scheme further outside may have set another one, and then this one was not refused.
      if (request.headers.get(header) !== sent || !refuses(response, bare401)) return;
      const second = await tokens.get(send, signal, first);
      if (second.accessToken === first.accessToken) return;
      carry(request, second.accessToken);
      yield request;
    },
  });
  schemes.set(scheme, { endpoint, tokens });
  return scheme;
}

/** RFC 6750 §2.1 */
const bearer = (accessToken: string): string => `Bearer ${accessToken}`;
