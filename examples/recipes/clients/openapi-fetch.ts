import createClient, { type FetchResponse } from "openapi-fetch";
import { type Answer, filled, type MakeClient, type Page } from "./client.ts";

interface Returns {
  responses: { 200: { content: { "application/json": unknown } } };
}

/** What openapi-typescript would make of a description of the pages. */
type Paths = Record<`/${Page}`, { get: Returns }> & {
  "/echo": {
    post: Returns & { requestBody: { content: { "application/json": object } } };
    put: Returns & { requestBody: { content: { "application/octet-stream": ReadableStream<Uint8Array> } } };
  };
  "/stream": { get: { responses: { 200: { content: { "application/octet-stream": Blob } } } } };
};

const streaming = { duplex: "half" } as const; // which the types of the DOM don't know

export const openapiFetchClient: MakeClient = (base, middleware) => {
  const api = createClient<Paths>({ baseUrl: base, fetch: middleware(fetch) });
  return {
    get: async (page, signal) => read(await api.GET(`/${page}`, { signal })),
    post: async (json) => read(await api.POST("/echo", { body: json })),
    form: async (entries) =>
      read(await api.POST("/echo", { body: {}, bodySerializer: () => filled(new FormData(), entries) })),
    upload: async (body) =>
      read(await api.PUT("/echo", { body, bodySerializer: (stream: typeof body) => stream, ...streaming })),
    stream: async (signal) => (await api.GET("/stream", { signal, parseAs: "stream" })).data ?? null,
  };
};

function read({ response, data, error }: FetchResponse<Returns, object, "application/json">): Answer {
  return { status: response.status, data: data ?? error };
}
