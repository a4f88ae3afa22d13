export { clientCredentials } from "./client-credentials.ts";
export { type ClientAuthentication, clientSecretBasic, clientSecretJwt } from "./client-authentication.ts";
export { clientSecretPost, privateKeyJwt } from "./client-authentication.ts";
export { OAuth2Error, type OAuth2ErrorCode, type OAuth2ErrorOptions } from "./oauth2-error.ts";
export type { FailedEvent, OAuth2Options, ReauthorizeEvent, RefreshedEvent } from "./options.ts";
export { refreshToken, type RefreshTokenOptions } from "./refresh-token.ts";
export type { TokenSet } from "./token-set.ts";
export type { StoreLock, TokenStore } from "./token-store.ts";
