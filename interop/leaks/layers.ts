import ky from "ky";
import { ofetch } from "ofetch";

export type Fetcher = typeof fetch;
export type Layer = (next: Fetcher) => Fetcher;

/** What people put between two wrapped fetches, or around one. */
export const LAYERS = {
  copy: (next) => (input, init) => next(input, { ...init }),

  retry: (next) => async (input, init) => {
    const response = await next(input instanceof Request ? input.clone() : input, init);
    return response.status === 503 ? next(input, init) : response;
  },

  ky: (next) => {
    const client = ky.create({ fetch: next, retry: 0, throwHttpErrors: false });
    return (input, init) => client(input, init);
  },

  ofetch: (next) => {
    const client = ofetch.create({ ignoreResponseError: true, responseType: "stream", retry: 0 }, { fetch: next });
    return (input, init) => client.raw(input as string, init as object); // its types know no Request, it does
  },

  /** As axios's fetch adapter does: what init says besides is lost, the mark of the runner with it. */
  rebuild: (next) => (input, init) => next(new Request(input, init)),
} satisfies Record<string, Layer>;
