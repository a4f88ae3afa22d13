import wretch, { type WretchResponse } from "wretch";
import { type Answer, filled, type MakeClient } from "./client.ts";

export const wretchClient: MakeClient = (base, middleware) => {
  const api = wretch(base).middlewares([middleware]);
  return {
    get: async (page, signal) => read(await api.options({ signal }).get(`/${page}`).res()),
    post: async (json) => read(await api.post(json, "/echo").res()),
    form: async (entries) => read(await api.body(filled(new FormData(), entries)).post(undefined, "/echo").res()),
    upload: async (body) => read(await api.options({ duplex: "half" }).body(body).put(undefined, "/echo").res()),
    stream: async (signal) => (await api.options({ signal }).get("/stream").res()).body,
  };
};

async function read(response: WretchResponse): Promise<Answer> {
  return { status: response.status, data: await response.json() };
}
