// RFC 8628 §3.4 and §3.5: the device asks again and again whether the person has said yes.
import { waitFor } from "@authflow/flow";
import { deviceCodeGrantRequest, type DeviceAuthorizationResponse, processDeviceCodeResponse } from "oauth4webapi";
import { LONGEST } from "../wait.ts";
import type { Endpoint } from "../endpoint.ts";
import type { GrantContext } from "../grant.ts";
import { grantParameters } from "../grant-parameters.ts";
import { OAuth2Error } from "#oauth2-error";
import type { GrantOptions } from "../options.ts";
import type { TokenSet } from "../token-set.ts";

/** §3.2: "If no value is provided, clients MUST use 5 as the default." In seconds. */
const INTERVAL = 5;

/** Whatever the server says: no more than ten times a second. */
const SHORTEST = 100;

/** §3.5, `slow_down`: "the interval MUST be increased by 5 seconds for this and all subsequent requests". */
const SLOWER_BY = 5000;

/**
 * Asks for the tokens until they come, the person or the server says no, or the codes expire.
 *
 * @throws `ERR_AUTHFLOW_OAUTH2_EXPIRED`, `_REFUSED`, and what `context.signal` was aborted with
 */
export async function pollForTokens(
  endpoint: Endpoint,
  context: GrantContext,
  { resource, parameters }: GrantOptions,
  device: DeviceAuthorizationResponse,
): Promise<TokenSet> {
  const expiry = performance.now() + device.expires_in * 1000;
  let interval = Math.max((device.interval ?? INTERVAL) * 1000, SHORTEST);
  while (performance.now() + interval < expiry) {
    await waitFor(new Promise(() => {}), { signal: context.signal, timeLimit: Math.min(interval, LONGEST) });
    try {
      return await endpoint.tokens(
        { ...context, once: true }, // the next is made after the interval, and none before
        (server, client, authentication, options) =>
          deviceCodeGrantRequest(server, client, authentication, device.device_code, {
            ...options,
            additionalParameters: grantParameters({ resource, parameters }),
          }),
        { check: processDeviceCodeResponse },
      );
    } catch (error) {
      interval = nextInterval(error, interval);
    }
  }
  throw expired();
}

/** How long to wait before asking again. Throws what says that asking again is of no use. */
function nextInterval(error: unknown, interval: number): number {
  const refusal = error instanceof OAuth2Error ? error : undefined;
  if (refusal?.error === "authorization_pending") return interval;
  if (refusal?.error === "slow_down") return interval + SLOWER_BY;
  if (refusal?.error === "expired_token") throw expired(refusal);
  // §3.5: "On encountering a connection timeout, clients MUST unilaterally reduce their polling frequency before retrying."
  if (refusal?.code === "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE") return interval * 2;
  throw error;
}

function expired(cause?: OAuth2Error): OAuth2Error {
  return new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_EXPIRED",
    "Nobody has entered the code in time. Make the call again for another code.",
    cause && { url: cause.url, error: cause.error, errorDescription: cause.errorDescription, status: cause.status },
  );
}
