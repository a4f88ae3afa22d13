import ky from "ky";
import ky1 from "ky1";
import { type Answer, type Client, filled, type MakeClient } from "./client.ts";

export const ky2Client: MakeClient = (base, middleware) =>
  clientOf(base, ky.extend({ fetch: middleware(fetch), retry: 0 }));

export const ky1Client: MakeClient = (base, middleware) =>
  clientOf(base, ky1.extend({ fetch: middleware(fetch), retry: 0 }));

/** Both are called alike. */
function clientOf(base: string, api: typeof ky | typeof ky1): Client {
  return {
    get: async (page, signal) => read(await api.get(`${base}/${page}`, { signal })),
    post: async (json) => read(await api.post(`${base}/echo`, { json })),
    form: async (entries) => read(await api.post(`${base}/echo`, { body: filled(new FormData(), entries) })),
    upload: async (body) => read(await api.put(`${base}/echo`, { body })),
    stream: async (signal) => (await api.get(`${base}/stream`, { signal })).body,
  };
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, data: await response.json() };
}
