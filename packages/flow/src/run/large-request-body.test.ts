// A Request that was made from text, bytes or a Blob holds its whole body, which is one chunk, however large: it goes out as
// bytes with its length (promise 5), and costs no more than its caller has spent on it already.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { loopback } from "../fixtures/loopback.ts";
import { runFlow } from "../index.ts";

const SIZE = 100_000;
const replayLimit = 1000;

describe("the body of a Request beyond replayLimit", () => {
  it.each([
    ["text", "x".repeat(SIZE)],
    ["bytes", new Uint8Array(SIZE).fill(0x78)],
  ])("of %s is sent with its Content-Length, again after a 401", async (_, body) => {
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      if (arrival.headers.authorization) response.end("welcome");
      else response.writeHead(401, { "www-authenticate": "Test" }).end();
    });

    const request = new Request(`${server.origin}/`, { method: "PUT", body });
    const response = await runFlow(answers, fetch, { replayLimit })(request);

    expect(await response.text()).toBe("welcome");
    const lengths = server.arrivals.map(({ headers, bytes }) => [headers["content-length"], bytes.length]);
    expect(lengths).toEqual([
      [String(SIZE), SIZE],
      [String(SIZE), SIZE],
    ]);
  });

  it("of a stream in many chunks is not gathered before it is sent", async () => {
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(500));
        if (pulled === 200) controller.close();
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "PUT", body: source, duplex: "half" };
    let pulledBefore = 0;
    const next = async (_request: Request): Promise<Response> => {
      pulledBefore = pulled;
      return new Response("welcome");
    };

    await runFlow(answers, next, { replayLimit })(new Request("https://example.com/", init));

    expect(pulledBefore).toBeLessThan(10);
  });
});
