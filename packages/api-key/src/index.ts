export { apiKey } from "./api-key.ts";
export { ForbiddenHeaderError } from "./forbidden-header-error.ts";
export type { ApiKeyOptions, CookieKeyOptions, HeaderKeyOptions, QueryKeyOptions } from "./options.ts";
