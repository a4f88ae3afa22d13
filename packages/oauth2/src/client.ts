// Which client asks which authorization server, as the caller says it.
import { assertOption, assertText } from "./assert-option.ts";
import { type ClientAuthentication, clientSecretBasic, publicClient, secretOf } from "./client-authentication.ts";
import type { ClientOptions } from "./options.ts";
import { LONGEST } from "./wait.ts";

/** What a grant says of its client and its server. */
export interface ClientSettings extends ClientOptions {
  readonly authorizationEndpoint?: string | URL | undefined;
  readonly deviceAuthorizationEndpoint?: string | URL | undefined;
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/** A client and its server, which are checked. */
export interface Client {
  readonly clientId: string;
  readonly clientAuth: ClientAuthentication;
  /** What the client authentication keeps to itself. */
  readonly secret: string | undefined;
  readonly issuer: string | undefined;
  /** What tells this client at this server from others: issuer, token endpoint and client. */
  readonly identity: readonly (string | undefined)[];
  /** The endpoints that the caller gave, by the names that metadata have for them. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Whether plain http is good enough. */
  readonly allowInsecure: boolean | undefined;
  /** In milliseconds. */
  readonly timeLimit: number;
  readonly now: () => number;
  readonly random: () => number;
}

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` */
export function clientOf(options: ClientSettings): Client {
  const { clientId, clientSecret, allowInsecure, timeLimit = 10_000, now = Date.now, random = Math.random } = options;
  const { clientAuth = clientSecret === undefined ? publicClient : clientSecretBasic(clientSecret) } = options;
  assertText("`clientId`", clientId);
  assertOption(
    typeof clientAuth === "function" && (clientSecret === undefined || !options.clientAuth),
    "Give `clientSecret`, or a function as `clientAuth`.",
  );
  assertOption(
    typeof timeLimit === "number" && timeLimit > 0 && timeLimit <= LONGEST,
    "`timeLimit` is a number of milliseconds above 0, and at most 24 days.",
  );
  const { issuer, ...endpoints } = urlsOf(options);
  const token = endpoints["token_endpoint"];
  assertOption(Boolean(issuer ?? token), "Give `issuer` or `tokenEndpoint`.");
  const secret = secretOf(clientAuth);
  const identity = [issuer, token, clientId];
  return { clientId, clientAuth, secret, issuer, identity, endpoints, allowInsecure, timeLimit, now, random };
}

/** Those URLs that are given, letter by letter: issuers are compared so. */
function urlsOf(options: ClientSettings): Readonly<Record<string, string>> {
  const urls: Record<string, string> = {};
  for (const [option, given] of Object.entries(options)) {
    if (!/^issuer$|Endpoint$/.test(option) || given === undefined) continue;
    const url = String(given);
    assertOption(
      URL.canParse(url) && /^https?:\/\/[^/@]+\//.test(new URL(url).href),
      `\`${option}\` is no http(s) URL, whole and without user name and password.`,
    );
    urls[option.replaceAll(/[A-Z]/g, "_$&").toLowerCase()] = url;
  }
  return urls;
}
