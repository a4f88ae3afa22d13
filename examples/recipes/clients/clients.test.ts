import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { digest } from "@authflow/digest";
import type { Middleware } from "@authflow/flow";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { axiosClient } from "./axios.ts";
import type { Client, MakeClient } from "./client.ts";
import { fetchClient } from "./fetch.ts";
import { ky1Client, ky2Client } from "./ky.ts";
import { ofetchClient } from "./ofetch.ts";
import { openapiFetchClient } from "./openapi-fetch.ts";
import { described, drained } from "./outcome.ts";
import { type Door, type Pages, startPages } from "./pages.ts";
import { undiciClient } from "./undici.ts";
import { wretchClient } from "./wretch.ts";

let pages: Pages;

beforeAll(async () => {
  pages = await startPages();
});

afterAll(async () => {
  await pages.server.close();
});

beforeEach(() => {
  pages.onArrival = () => undefined;
  pages.onward = () => undefined;
});

const clients: Readonly<Record<string, MakeClient>> = {
  fetch: fetchClient,
  ofetch: ofetchClient,
  wretch: wretchClient,
  "ky 1": ky1Client,
  "ky 2": ky2Client,
  axios: axiosClient,
  "openapi-fetch": openapiFetchClient,
  "undici's fetch": undiciClient,
};

interface Scheme {
  readonly door: Door;
  make(): Middleware;
  /** What the door says to the requests of one call. */
  readonly verdicts: readonly string[];
  /** Whether there has to be a call before, so that a token expires. */
  readonly warm?: true;
}

const schemes: Readonly<Record<string, Scheme>> = {
  basic: { door: "basic", make: () => basic({ username: "finley", password: "secret" }), verdicts: ["let in"] },
  digest: {
    door: "digest",
    make: () => digest({ username: "finley", password: "secret" }),
    verdicts: ["asked for Digest", "let in"],
  },
  "an expiring bearer token": {
    door: "bearer",
    make: () => bearer(async () => pages.tokens.issue()),
    verdicts: ["asked for Bearer", "let in"],
    warm: true,
  },
};

const never = (): AbortSignal => new AbortController().signal;
const reason = new Error("the user went away");

/** What a client is told to do, and what has to come of it in any case. */
interface Call {
  make(client: Client): Promise<unknown>;
  readonly comesTo: object;
}

const some: unknown = expect.anything();
const jsonType: unknown = expect.stringMatching(/^application\/json/);
const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};
const JSON_SENT = { text: "Grüße", pages: [1, 2] };
const CHUNKS = [5, 4, 3, 2, 1].map((octet) => new Uint8Array(20_000).fill(octet));

const calls: Readonly<Record<string, Call>> = {
  "a GET": {
    make: (client) => client.get("json", never()),
    comesTo: { result: { status: 200, data: { hello: "world" } }, seen: [{ method: "GET", page: "json" }] },
  },
  "a POST of JSON": {
    make: (client) => client.post(JSON_SENT),
    comesTo: {
      result: { status: 200, data: { page: "echo" } },
      seen: [
        {
          method: "POST",
          sha256: sha256(JSON.stringify(JSON_SENT)),
          headers: { "content-type": jsonType },
        },
      ],
    },
  },
  "an upload of a form with a file": {
    make: (client) =>
      client.form([
        ["title", "größer"],
        ["file", new File([new Uint8Array(20_000).fill(7)], "a b.bin", { type: "image/png" })],
      ]),
    comesTo: {
      result: { status: 200, data: { page: "echo" } },
      seen: [
        { method: "POST", complete: true, headers: { "content-type": "multipart/form-data; boundary=(boundary)" } },
      ],
    },
  },
  "an upload of a stream": {
    make: (client) => client.upload(chunks()),
    comesTo: {
      result: { status: 200, data: { page: "echo" } },
      seen: [{ method: "PUT", complete: true, sha256: sha256(...CHUNKS) }],
    },
  },
  "a streamed response": {
    make: async (client) => drained(await client.stream(never()), pages.onward),
    comesTo: { result: { length: 32_768 } },
  },
  "an abort before there is a response": {
    make: (client) => {
      const controller = new AbortController();
      pages.onArrival = () => {
        controller.abort(reason);
      };
      return client.get("never", controller.signal);
    },
    comesTo: { error: some, seen: [{ page: "never" }] },
  },
  "an abort within a streamed response": {
    make: async (client) => {
      const controller = new AbortController();
      return drained(await client.stream(controller.signal), () => {
        controller.abort(reason);
      });
    },
    comesTo: { error: some, seen: [{ page: "stream" }] },
  },
  "an error status": {
    make: (client) => client.get("problem", never()),
    comesTo: { seen: [{ page: "problem" }] }, // an error for some, and a result for others
  },
  "a connection that breaks": {
    make: (client) => client.get("broken", never()),
    comesTo: { error: some, seen: [{ page: "broken" }] },
  },
};

function chunks(): ReadableStream<Uint8Array> {
  const left = [...CHUNKS];
  return new ReadableStream({
    async pull(controller) {
      await turn(); // the next chunk isn't there yet
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

/** What came of a call, and what the page saw of it. */
async function observed(call: Call, client: Client): Promise<object> {
  const before = pages.sights.length;
  const outcome = await call.make(client).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: described(error, reason) }),
  );
  return { ...outcome, seen: pages.sights.slice(before) };
}

const unchanged: Middleware = (next) => next;
const baseOf = (door: Door): string => `${pages.server.origin}/${door}`;

describe.each(Object.entries(clients))("%s", (_, make) => {
  describe.each(Object.entries(calls))("does %s", (__, call) => {
    it.each(Object.entries(schemes))("as without authentication, with %s", async (___, scheme) => {
      const open = await observed(call, make(baseOf("open"), unchanged));
      const client = make(baseOf(scheme.door), scheme.make());
      if (scheme.warm) await client.get("json", never());
      const before = pages.verdicts.length;
      const authenticated = await observed(call, client);

      expect(open).toMatchObject(call.comesTo);
      expect(authenticated).toEqual(open);
      expect(pages.verdicts.slice(before)).toEqual(scheme.verdicts);
    });
  });
});
