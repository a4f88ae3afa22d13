// The fields of RFC 9110 §11 that a message comes with, in octets on every runtime, and how one is written.
import {
  type Challenge,
  formatAuthenticationInfo,
  parseAuthenticationInfo,
  parseChallenges,
} from "@authflow/challenge";
import { fieldOfOctets, octetsOfField } from "@authflow/flow";

const fieldOf = ({ headers }: Response, name: string): string => octetsOfField(headers.get(name));

/** §11.6.1: what a response asks with. */
export const challengesIn = (response: Response): readonly Challenge[] =>
  parseChallenges(fieldOf(response, "www-authenticate"));

/** §11.6.3: what a server says once it has let a request in, which most often is nothing. */
export const infoIn = (response: Response): ReadonlyMap<string, string> =>
  parseAuthenticationInfo(fieldOf(response, "authentication-info"));

/** Without quotes, as RFC 7616 §3.4 has them: servers of old tell `nc=00000001` from `nc="00000001"`. */
const UNQUOTED = ["username*", "userhash", "algorithm", "qop"];

/** §11.2: parameters, in octets, as a field holds them: those that have a value. */
export const written = (params: Readonly<Record<string, string | undefined>>): string =>
  fieldOfOctets(formatAuthenticationInfo(Object.entries(params), UNQUOTED));

/** §5.6.4: a quoted-string. */
export const quoted = (octets: string): string =>
  fieldOfOctets(`"${/["\\]/.test(octets) ? octets.replace(/["\\]/g, "\\$&") : octets}"`);
