export { TimeoutError } from "./flow-timeout.ts";
export { kyAuth, type KyAuthOptions } from "./ky-auth.ts";
export { type KyHooks, kyHooks, type KyHooksOptions, type KyHookState } from "./ky-hooks.ts";
