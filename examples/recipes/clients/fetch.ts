import { type Answer, filled, type MakeClient } from "./client.ts";

const streaming = { duplex: "half" } as const; // which the types of the DOM don't know

/** The platform's own: what the others are built on. */
export const fetchClient: MakeClient = (base, middleware) => {
  const authFetch = middleware(fetch);
  return {
    get: async (page, signal) => read(await authFetch(`${base}/${page}`, { signal })),
    post: async (json) =>
      read(
        await authFetch(`${base}/echo`, {
          method: "POST",
          body: JSON.stringify(json),
          headers: { "content-type": "application/json" },
        }),
      ),
    form: async (entries) =>
      read(await authFetch(`${base}/echo`, { method: "POST", body: filled(new FormData(), entries) })),
    upload: async (body) => read(await authFetch(`${base}/echo`, { method: "PUT", body, ...streaming })),
    stream: async (signal) => (await authFetch(`${base}/stream`, { signal })).body,
  };
};

async function read(response: Response): Promise<Answer> {
  return { status: response.status, data: await response.json() };
}
