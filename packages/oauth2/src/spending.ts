// Requests that spend what is good once: a refresh token, a code, an assertion.
import type { OAuth2Error } from "#oauth2-error";

/** How Node, Deno and Bun say that there was no connection to send anything on. Browsers don't say. */
const NO_CONNECTION =
  /can't be reached \(.*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|connect timeout|tcp connect error|dns error|unable to connect)/i;

/**
 * Whether after this error nothing was spent for sure, because the server wasn't reached, or said so. No answer is none, and
 * status 504 is somebody else's who had none (RFC 9110 §15.6.5).
 */
export const isUnspent = ({ status = 504, message }: OAuth2Error): boolean =>
  status !== 504 || NO_CONNECTION.test(message);
