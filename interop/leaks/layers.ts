import ky from "ky";
import ky1 from "ky1";
import { ofetch } from "ofetch";
import wretch from "wretch";

export type Fetcher = typeof fetch;
export type Layer = (next: Fetcher) => Fetcher;

/** What people put between two wrapped fetches, or around one. */
export const LAYERS = {
  copy: (next) => (input, init) => next(input, { ...init }),

  retry: (next) => async (input, init) => {
    const response = await next(input instanceof Request ? input.clone() : input, init);
    return response.status === 503 ? next(input, init) : response;
  },

  anew: (next) => (input, init) =>
    input instanceof Request
      ? next(input, { ...init, headers: new Headers(input.headers) })
      : next(new URL(String(input)), { ...init, headers: [...new Headers(init?.headers)] }),

  ky: (next) => {
    const client = ky.create({ fetch: next, retry: 0, throwHttpErrors: false });
    return (input, init) => client(input, init);
  },

  ky1: (next) => {
    const client = ky1.create({ fetch: next, retry: 0, throwHttpErrors: false });
    return (input, init) => client(input, init);
  },

  wretch: (next) => {
    const client = wretch().fetchPolyfill(next).toFetch();
    return (input, init) => (input instanceof Request ? next(input, init) : client(String(input), init)); // it takes no Request
  },

  ofetch: (next) => {
    const client = ofetch.create({ ignoreResponseError: true, responseType: "stream", retry: 0 }, { fetch: next });
    return (input, init) => client.raw(input as string, init as object); // its types know no Request, it does
  },

  /** As axios's fetch adapter does: what init says besides is lost, the mark of the runner with it. */
  rebuild: (next) => (input, init) => next(new Request(input, init)),
} satisfies Record<string, Layer>;
