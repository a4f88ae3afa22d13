export { basic } from "./basic.ts";
export type { BasicOptions } from "./options.ts";
