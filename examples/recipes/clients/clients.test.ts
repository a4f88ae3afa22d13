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

/** What a client is told to do. Each gives what came of it. */
const calls: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  "a GET": (client) => client.get("json", never()),
  "a POST of JSON": (client) => client.post({ text: "Grüße", pages: [1, 2] }),
  "an upload of a form with a file": (client) =>
    client.form([
      ["title", "größer"],
      ["file", new File([new Uint8Array(20_000).fill(7)], "a b.bin", { type: "image/png" })],
    ]),
  "an upload of a stream": (client) => client.upload(chunks()),
  "a streamed response": async (client) => drained(await client.stream(never()), pages.onward),
  "an abort before there is a response": (client) => {
    const controller = new AbortController();
    pages.onArrival = () => {
      controller.abort(reason);
    };
    return client.get("never", controller.signal);
  },
  "an abort within a streamed response": async (client) => {
    const controller = new AbortController();
    return drained(await client.stream(controller.signal), () => {
      controller.abort(reason);
    });
  },
  "an error status": (client) => client.get("problem", never()),
  "a connection that breaks": (client) => client.get("broken", never()),
};

function chunks(): ReadableStream<Uint8Array> {
  let left = 5;
  return new ReadableStream({
    async pull(controller) {
      await turn(); // the next chunk isn't there yet
      if (left-- > 0) controller.enqueue(new Uint8Array(20_000).fill(left));
      else controller.close();
    },
  });
}

/** What came of a call, and what the page saw of it. */
async function observed(call: (client: Client) => Promise<unknown>, client: Client): Promise<object> {
  const before = pages.sights.length;
  const outcome = await call(client).then(
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

      expect(authenticated).toEqual(open);
      expect(pages.verdicts.slice(before)).toEqual(scheme.verdicts);
    });
  });
});
