// A body factory is replayable always, and resolved on every path.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { entriesOf, FORM_ENTRIES, kinds } from "../fixtures/body-kinds.ts";
import { nodesFetch } from "../fixtures/clients.ts";
import { loopback, sha256 } from "../fixtures/loopback.ts";
import { type AuthScheme, runFlow } from "../index.ts";

describe("a body factory", () => {
  const elsewhere: AuthScheme = { ...answers, origins: ["https://elsewhere.example"] };
  const paths = [
    { path: "where the scheme acts", authFetch: runFlow(answers, fetch), init: {} },
    { path: "outside of the scheme's origins", authFetch: runFlow(elsewhere, fetch), init: {} },
    {
      path: "where the caller wants no authentication",
      authFetch: runFlow(answers, fetch),
      init: { authflow: { origin: "https://example.com", off: true } },
    },
    { path: "with a layer in between", authFetch: runFlow(answers, between(runFlow(answers, fetch))), init: {} },
  ];

  function between(next: typeof fetch): typeof fetch {
    return (input, init) => next(input, { ...init });
  }

  describe.each(paths)("is resolved $path", ({ authFetch, init }) => {
    it.each(kinds)("to $kind", async ({ make, bytes }) => {
      const server = await loopback(async (arrival, response) => {
        await arrival.read();
        response.end();
      });
      const body = async (): Promise<unknown> => make(nodesFetch);

      await authFetch(server.origin, { method: "PUT", body: body as unknown as BodyInit, ...init });

      const [arrival] = server.arrivals;
      if (bytes) expect(arrival?.sha256).toBe(sha256(bytes));
      else if (arrival) expect(await entriesOf(arrival)).toEqual(FORM_ENTRIES);
    });
  });

  it("is resolved for a URL that is no HTTP one", async () => {
    const inits: (RequestInit | undefined)[] = [];
    const next = async (_: string, init?: RequestInit): Promise<Response> => {
      inits.push(init);
      return new Response("ok");
    };
    await runFlow(answers, next)("blob:1234", { method: "POST", body: (() => "made") as unknown as BodyInit });
    expect(inits[0]?.body).toBe("made");
  });

  it("is called once for each send, and not for requests that have no body", async () => {
    let calls = 0;
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      if (arrival.path === "/first" && !arrival.headers.authorization) response.writeHead(401).end();
      else if (arrival.path === "/first") response.writeHead(303, { location: "/second" }).end();
      else response.end();
    });
    const body = (): string => `body ${++calls}`;

    await runFlow(answers, fetch)(`${server.origin}/first`, { method: "POST", body: body as unknown as BodyInit });

    expect(server.arrivals.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["body 1", "body 2", ""]);
  });

  it("that fails fails the call with its very error, which the flow may handle", async () => {
    const error = new Error("the file is gone");
    const body = (() => Promise.reject(error)) as unknown as BodyInit;
    const caught: unknown[] = [];
    const notes: AuthScheme = {
      name: "notes",
      *authFlow(request) {
        try {
          yield request;
        } catch (error_) {
          caught.push(error_);
          throw error_;
        }
      },
    };

    const call = runFlow(notes, fetch)("https://example.com/", { method: "POST", body });

    await expect(call).rejects.toBe(error);
    expect(caught).toEqual([error]);
  });

  it("may make no body", async () => {
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.end();
    });
    for (const made of [null, undefined]) {
      const body = (() => made) as unknown as BodyInit;
      await runFlow(answers, fetch)(server.origin, { method: "POST", body });
    }
    expect(server.arrivals.map(({ bytes }) => bytes.byteLength)).toEqual([0, 0]);
  });
});
