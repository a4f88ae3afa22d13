// RFC 8628 §3.1 and §3.2: a code for the device, and one for the person.
import {
  type DeviceAuthorizationResponse,
  deviceAuthorizationRequest,
  processDeviceAuthorizationResponse,
} from "oauth4webapi";
import type { Endpoint } from "../endpoint.ts";
import type { GrantContext } from "../grant.ts";
import { grantParameters } from "../grant-parameters.ts";
import { OAuth2Error } from "#oauth2-error";
import type { GrantOptions } from "../options.ts";

/**
 * Asks for the codes.
 *
 * @throws `ERR_AUTHFLOW_OAUTH2_RESPONSE` if a person would be sent to what is no page of the web
 */
export async function authorizeDevice(
  endpoint: Endpoint,
  context: GrantContext,
  options: GrantOptions,
): Promise<DeviceAuthorizationResponse> {
  const device = await endpoint.call(
    context,
    (server, client, authentication, requestOptions) =>
      deviceAuthorizationRequest(server, client, authentication, grantParameters(options), requestOptions),
    async (server, client, response) =>
      processDeviceAuthorizationResponse(server, client, Response.json(asSpecified(await response.json()))),
  );
  const { verification_uri: uri, verification_uri_complete: complete = uri } = device;
  if (![uri, complete].every(isPage)) {
    throw new OAuth2Error(
      "ERR_AUTHFLOW_OAUTH2_RESPONSE",
      "The authorization server sends people to a verification URI that is no http(s) URL. Nobody was sent there.",
    );
  }
  return {
    ...device,
    // As it may be printed: a terminal obeys control characters.
    user_code: device.user_code.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ""),
    verification_uri: new URL(uri).href,
    ...(device.verification_uri_complete !== undefined && { verification_uri_complete: new URL(complete).href }),
  };
}

/** What shows the URI may open it, so it has to be one that a browser opens. */
const isPage = (uri: string): boolean => URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);

/** Older servers say the interval in a text, or the URI under the name that a draft of the RFC had for it. */
function asSpecified(answer: unknown): object {
  const { interval, verification_url: uri, ...rest } = answer as Readonly<Record<string, unknown>>; // an object, as it was read
  // None, or none that makes sense: then it is the default.
  return { verification_uri: uri, ...rest, interval: Number(interval) > 0 ? Number(interval) : undefined };
}
