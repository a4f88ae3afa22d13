export { bearer } from "./bearer.ts";
export type { BearerOptions, TokenSource, TokenSourceOptions } from "./options.ts";
