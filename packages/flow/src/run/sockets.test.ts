// Responses between steps are read, so that connections can be used again.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { clients } from "../fixtures/clients.ts";
import { type Loopback, loopback } from "../fixtures/loopback.ts";
import { type AuthScheme, runFlow } from "../index.ts";

/** A server that refuses each request once, with a body of this size. */
async function refusing(size: number): Promise<Loopback> {
  const body = Buffer.alloc(size, "x");
  return loopback(async (arrival, response) => {
    await arrival.read();
    if (arrival.headers.authorization) response.end("welcome");
    else response.writeHead(401, { "www-authenticate": "Test", "content-length": size }).end(body);
  });
}

// Meant for 10,000 calls, which take half a minute; a tenth shows the same in a moment.
const CALLS = Number(process.env["AUTHFLOW_SEQUENTIAL_CALLS"] ?? 400);

describe.each(clients)("calls one after the other by $client, with a 401 in each", ({ fetch: next }) => {
  it(`use at most two connections: ${CALLS} calls, ${2 * CALLS} exchanges`, { timeout: 120_000 }, async () => {
    const server = await refusing(30);
    const authFetch = runFlow(answers, next);

    for (let count = 0; count < CALLS; count++) {
      const response = await authFetch(server.origin);
      if ((await response.text()) !== "welcome") throw new Error(`call ${count} was refused`);
    }

    expect(server.arrivals).toHaveLength(2 * CALLS);
    expect(server.sockets).toBeLessThanOrEqual(2);
  });

  it.each([0, 1, 16 * 1024, 64 * 1024])(
    "use at most two connections, whatever the 401 says up to 64 KiB: %i bytes",
    async (size) => {
      const server = await refusing(size);
      const authFetch = runFlow(answers, next);

      for (let count = 0; count < 20; count++) await (await authFetch(server.origin)).text();

      expect(server.arrivals).toHaveLength(40);
      expect(server.sockets).toBeLessThanOrEqual(2);
    },
  );

  it("read no more than that of a larger one: the connection is given up, and the call goes on", async () => {
    const server = await loopback((arrival, response) => {
      if (arrival.headers.authorization) {
        response.end("welcome");
        return;
      }
      response.writeHead(401);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
      };
      response.on("drain", pour);
      pour();
    });

    const response = await runFlow(answers, next)(server.origin);

    expect(await response.text()).toBe("welcome");
    expect(server.arrivals).toHaveLength(2);
    expect(server.sockets).toBeGreaterThanOrEqual(2); // undici may open one more, which it then has no use for
  });

  it("use at most two connections for redirects, too", async () => {
    const server = await loopback((arrival, response) => {
      if (arrival.path === "/there") response.end("welcome");
      else response.writeHead(302, { location: "/there" }).end("over there");
    });
    const authFetch = runFlow(answers, next);

    for (let count = 0; count < 20; count++) await (await authFetch(`${server.origin}/here`)).text();

    expect(server.arrivals).toHaveLength(40);
    expect(server.sockets).toBeLessThanOrEqual(2);
  });

  it("use at most two connections where flows send requests of their own", async () => {
    const server = await refusing(1000);
    const refreshes: AuthScheme = {
      name: "refreshes",
      *authFlow(request) {
        yield new Request(`${request.url}token`);
        yield new Request(`${request.url}token-2`);
        request.headers.set("authorization", "Test credentials");
        yield request;
      },
    };
    const authFetch = runFlow(refreshes, next);

    for (let count = 0; count < 20; count++) await (await authFetch(server.origin)).text();

    expect(server.arrivals).toHaveLength(60);
    expect(server.sockets).toBeLessThanOrEqual(3); // two answers are open at once before they are read
  });
});

describe("a response between steps", () => {
  it("is left alone where the flow goes no further: the caller gets it unread", async () => {
    const server = await refusing(1000);
    const gives: AuthScheme = {
      name: "gives up",
      *authFlow(request) {
        yield request;
      },
    };

    const response = await runFlow(gives, fetch)(server.origin);

    expect(response.bodyUsed).toBe(false);
    expect((await response.text()).length).toBe(1000);
  });

  it("is left alone while only side requests go out: the flow may still read it", async () => {
    const server = await refusing(1000);
    let length = 0;
    const reads: AuthScheme = {
      name: "reads",
      async *authFlow(request) {
        const response = yield request;
        yield new Request(`${request.url}token`);
        length = (await response.text()).length;
        request.headers.set("authorization", "Test credentials");
        yield request;
      },
    };

    const response = await runFlow(reads, fetch)(server.origin);

    expect(length).toBe(1000);
    expect(await response.text()).toBe("welcome");
  });
});
