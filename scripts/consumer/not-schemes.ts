// Functions have names, as schemes do, and are none; neither is options. Compiled against the tarballs in every set-up; nothing here runs.
import { anyOf, compose, createAuthFetch, install } from "@authflow/core";
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

export const clients = [
  createAuthFetch({ auth: scheme }),
  createAuthFetch({ auth: (request) => request }),
  createAuthFetch({
    auth: {
      name: "literal",
      *authFlow(request) {
        const response = yield request;
        if (response.status === 401) yield request;
      },
    },
  }),
  anyOf(scheme, async (request: Request) => request)(fetch),
];
// @ts-expect-error a scheme goes into `auth`
createAuthFetch(scheme);
// @ts-expect-error a fetch goes into `fetch`
createAuthFetch(fetch);
// @ts-expect-error what makes a scheme has to be called
createAuthFetch({ auth: makes });
// @ts-expect-error a middleware may drive something else
createAuthFetch({ auth: compose(scheme, scheme) });
// @ts-expect-error `auth` needs `origins`, beside routes too
install({ routes: [], auth: ["finley", "secret"] });
