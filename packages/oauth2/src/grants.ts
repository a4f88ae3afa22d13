// Every grant of this package, in one place for its face.
export { authorizationCode, type AuthorizationCodeOptions } from "./authorization-code/authorization-code.ts";
export type { Authorize } from "./authorization-code/authorize.ts";
export type { PendingAuthorization } from "./authorization-code/authorization-request.ts";
export { webLogin, type WebLogin, type WebLoginOptions } from "./authorization-code/web-login.ts";
export { clientCredentials, type ClientCredentialsOptions } from "./client-credentials.ts";
export { deviceCode, type DeviceCodeOptions, type UserCode } from "./device/device-code.ts";
export { jwtBearer, type JwtBearerOptions } from "./jwt-bearer.ts";
export { refreshToken, type RefreshTokenOptions } from "./refresh-token.ts";
export { tokenExchange, type TokenExchangeOptions, type TokenType } from "./token-exchange.ts";
