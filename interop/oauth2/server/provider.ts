// oidc-provider, and what it is told to be: an authorization server with one user, who always answers the same.
import { generateKeyPairSync } from "node:crypto";
import { type Configuration, errors, Provider } from "oidc-provider";
import { CLIENTS } from "./clients.ts";
import type { Memory } from "./memory.ts";

/** What a test may change while the server runs. */
export interface Settings {
  /** How long an access token is good for, in seconds. */
  accessTokenTTL: number;
  /** What the user says when asked whether a client may have what it asked for. */
  consents: boolean;
  /** Whether there is metadata of OpenID; that of OAuth (RFC 8414) there always is. */
  speaksOpenID: boolean;
}

/** Which resources there are (RFC 8707), and what may be done to them. */
export const RESOURCES: ReadonlyMap<string, string> = new Map([
  ["https://files.example/", "read write"],
  ["https://mail.example/", "read"],
]);

const DAY = 86_400;
const SIGNING_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });

export function authorizationServer(issuer: string, memory: Memory, settings: Settings): Provider {
  const provider = new Provider(issuer, configuration(memory, settings));
  // An error here is one of this set-up, and would be seen as no more than a 500.
  provider.on("server_error", (_, error) => console.error(error));
  return provider;
}

function configuration(memory: Memory, settings: Settings): Configuration {
  const accessTokenTTL = (): number => settings.accessTokenTTL;
  return {
    adapter: (kind) => memory.adapter(kind),
    clients: [...CLIENTS],
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    jwks: { keys: [{ ...SIGNING_KEY, alg: "ES256", use: "sig" }] },
    cookies: { keys: ["of no importance"] },
    scopes: ["openid", "offline_access", "read", "write"],
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"],
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    pkce: { required: () => true },
    // Each refresh token is good once; whoever brings one a second time loses them all (RFC 9700 §4.14.2).
    rotateRefreshToken: true,
    issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
    expiresWithSession: () => false,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form) => void (ctx.body = form),
        userCodeConfirmSource: (ctx, form) => void (ctx.body = form),
        successSource: (ctx) => void (ctx.body = "Done."),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_, __, oneOf) => oneOf ?? [],
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          const scope = RESOURCES.get(resource);
          if (scope === undefined) throw new errors.InvalidTarget();
          return { scope, audience: resource, accessTokenFormat: "opaque", accessTokenTTL: settings.accessTokenTTL };
        },
      },
    },
    ttl: {
      AccessToken: accessTokenTTL,
      ClientCredentials: accessTokenTTL,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Grant: DAY,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: DAY,
      Session: DAY,
    },
  };
}
