// RFC 8628: a person says yes on another device than the one that asks.
import { InvalidOptionError, type Scheme } from "@authflow/flow";
import type { DeviceAuthorizationResponse } from "oauth4webapi";
import { type Ask, asking } from "../asking.ts";
import { createEndpoint } from "../endpoint.ts";
import type { Grant } from "../grant.ts";
import { grantParameters } from "../grant-parameters.ts";
import type { OAuth2Options } from "../options.ts";
import { refreshing } from "../refresh.ts";
import { schemeOf } from "../scheme.ts";
import { authorizeDevice } from "./device-authorization.ts";
import { pollForTokens } from "./poll.ts";

/** What a person has to be shown. */
export interface UserCode {
  /** Where they have to go, with any device that has a browser. */
  readonly verificationUri: string;
  /** What they enter there. */
  readonly userCode: string;
  /** The same place with the code in it, for a link or a QR code; `undefined` where the server has none. */
  readonly verificationUriComplete: string | undefined;
  /** How long they have, in seconds. */
  readonly expiresIn: number;
}

/** How a person is asked, and for what. */
export interface DeviceCodeOptions extends OAuth2Options {
  /** Shows the person where to go and what to enter there. Nothing waits for what it returns. */
  readonly show: (code: UserCode) => unknown;
  /** Where a code is had; needed with `tokenEndpoint` only. */
  readonly deviceAuthorizationEndpoint?: string | URL | undefined;
}

/**
 * Makes a scheme whose tokens a person allows on another device: the first call that needs a token shows them a code, once
 * for all calls that wait, and asks the server until they have entered it there, as often as the server allows.
 *
 * @param options `show` has to be given
 * @returns the scheme: `deviceCode(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 * @throws `ERR_AUTHFLOW_OAUTH2_EXPIRED`, from a call, if nobody said yes or no in time
 * @throws `ERR_AUTHFLOW_OAUTH2_REFUSED`, from a call, if the person or the server said no
 * @throws what `show` throws, from the calls that wait for it
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3 RFC 8628 §3}
 *
 * @example
 * ```ts
 * import { deviceCode } from "@authflow/oauth2";
 *
 * // Stands for the authorization server, where somebody enters the code at once, and the API.
 * const codes = { device_code: "GmRhm", user_code: "WDJB-MJHT", verification_uri: "https://example.com/device" };
 * const network = async ({ url, headers }: Request) => {
 *   if (url.endsWith("/device")) return Response.json({ ...codes, expires_in: 1800, interval: 0.01 });
 *   if (url.endsWith("/token")) return Response.json({ access_token: "mF_9", token_type: "Bearer" });
 *   return new Response(headers.get("authorization"));
 * };
 *
 * const scheme = deviceCode({
 *   deviceAuthorizationEndpoint: "https://auth.example.com/device",
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "tv",
 *   show: ({ verificationUri, userCode }) => console.log(`Go to ${verificationUri} and enter ${userCode}.`),
 * });
 * console.log(await (await scheme(network)(new Request("https://api.example.com/"))).text());
 * // → Go to https://example.com/device and enter WDJB-MJHT.
 * // → Bearer mF_9
 * ```
 */
export function deviceCode(options: DeviceCodeOptions): Scheme {
  if (typeof options.show !== "function") {
    throw new InvalidOptionError("`show` is a function that shows a person where to go and what to enter there.");
  }
  const endpoint = createEndpoint(options);
  const asked = { ...options }; // as it is now: it is used later
  const grant: Grant = {
    name: "device_code",
    identity: [`${grantParameters(options)}`],
    refresh: refreshing(endpoint, { ...asked, scope: undefined }),
  };
  const ask: Ask = async (context) => {
    const device = await authorizeDevice(endpoint, context, asked);
    const unseen = new AbortController(); // a code that nobody was shown is one that nobody enters
    Promise.resolve(device)
      .then((answer) => asked.show(userCodeOf(answer)))
      .catch((error: unknown) => unseen.abort(error));
    const signal = AbortSignal.any([context.signal, unseen.signal]);
    const tokens = await pollForTokens(endpoint, { ...context, signal }, asked, device);
    return async () => tokens;
  };
  return schemeOf(grant, endpoint, options, asking(ask));
}

const userCodeOf = (device: DeviceAuthorizationResponse): UserCode => ({
  verificationUri: device.verification_uri,
  userCode: device.user_code,
  verificationUriComplete: device.verification_uri_complete,
  expiresIn: device.expires_in,
});
