import { createFetch, type FetchResponse } from "ofetch";
import { type Answer, filled, type MakeClient } from "./client.ts";

export const ofetchClient: MakeClient = (base, middleware) => {
  const api = createFetch({ fetch: middleware(fetch), defaults: { baseURL: base, retry: 0 } });
  return {
    get: async (page, signal) => read(await api.raw(page, { signal })),
    post: async (json) => read(await api.raw("/echo", { method: "POST", body: { ...json } })),
    form: async (entries) => read(await api.raw("/echo", { method: "POST", body: filled(new FormData(), entries) })),
    upload: async (body) => read(await api.raw("/echo", { method: "PUT", body })),
    stream: (signal) => api("/stream", { signal, responseType: "stream" }),
  };
};

function read({ status, _data: data }: FetchResponse<unknown>): Answer {
  return { status, data };
}
