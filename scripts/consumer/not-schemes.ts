// Functions have names, as schemes do, and are none. Compiled against the tarballs in every set-up; nothing here runs.
import { type AuthFunction, type AuthScheme, defineScheme, type Middleware, runFlow } from "@authflow/flow";

const scheme = defineScheme((request) => request);
const makes = ({ token }: { token: string }): typeof scheme => defineScheme(() => new Request(token));

export const schemes: readonly AuthScheme[] = [scheme, defineScheme(scheme), defineScheme(async (request) => request)];
export const either = (given: AuthScheme | AuthFunction): typeof fetch => defineScheme(given)(fetch);
export const authenticates: AuthScheme | AuthFunction = (request) => request;
export const driven: Middleware = scheme;

// @ts-expect-error a fetch is no scheme
defineScheme(fetch);
// @ts-expect-error nor is one that a scheme wraps
defineScheme(scheme(fetch));
// @ts-expect-error what makes a scheme has to be called
defineScheme(makes);
// @ts-expect-error the scheme comes first
runFlow(fetch, scheme);
// @ts-expect-error a middleware may drive something else
export const unknown: AuthScheme = driven;
