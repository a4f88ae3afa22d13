import { type AuthFunction, type AuthScheme, defineScheme, type Fetch, type RunOptions } from "@authflow/flow";

/** What stands in ky's options, as far as it concerns a fetch. */
export interface WithFetch {
  fetch?: Fetch | undefined;
}

// ky looks the global fetch up for each request, so that what replaces it later is called; so does this.
const globalFetch: Fetch = (...input) => globalThis.fetch(...input);

/**
 * What both doors share: gives the fetch that authenticates, around the one underneath.
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME`, and `ERR_AUTHFLOW_INVALID_OPTION` for an option that can't be meant
 */
export function wrapsFetch(scheme: AuthScheme | AuthFunction, options: RunOptions): (underneath?: Fetch) => Fetch {
  const middleware = defineScheme(scheme);
  const wrapped = new WeakMap<Fetch, Fetch>();
  const wrap = (underneath = globalFetch): Fetch => {
    let authenticated = wrapped.get(underneath);
    if (!authenticated) {
      authenticated = middleware(underneath, options);
      wrapped.set(underneath, authenticated);
    }
    return authenticated;
  };
  wrap(); // which checks the options
  return wrap;
}
