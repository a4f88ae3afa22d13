import axios, { type AxiosResponse } from "axios";
import { type Answer, filled, type MakeClient } from "./client.ts";

export const axiosClient: MakeClient = (base, middleware) => {
  const api = axios.create({ adapter: "fetch", env: { fetch: middleware(fetch) }, baseURL: base });
  return {
    get: async (page, signal) => read(await api.get<unknown>(`/${page}`, { signal })),
    post: async (json) => read(await api.post<unknown>("/echo", json)),
    form: async (entries) => read(await api.postForm<unknown>("/echo", filled(new FormData(), entries))),
    upload: async (body) => read(await api.put<unknown>("/echo", body)),
    stream: async (signal) => {
      const { data } = await api.get<ReadableStream<Uint8Array>>("/stream", { signal, responseType: "stream" });
      return data;
    },
  };
};

function read({ status, data }: AxiosResponse<unknown>): Answer {
  return { status, data };
}
