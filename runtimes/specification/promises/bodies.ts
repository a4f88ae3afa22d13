import { BodyNotReplayableError, defineScheme } from "@authflow/flow";
import { createAuthFetch } from "@authflow/core";
import type { StreamInit } from "../abilities.ts";
import type { Chapter } from "../case.ts";
import { deferred } from "../deferred.ts";
import { codeOf, failureOf, holds, same } from "../expect.ts";
import { answering, header } from "../flows.ts";
import type { Place } from "../place.ts";
import { bytesOf, bytesStream, sha256 } from "../streams.ts";

const KIB = 1024;
const text = "päyload\n".repeat(100);

/** Kinds of bodies, each with its bytes as text, and with the Content-Type that the fetch standard derives from it. */
const KINDS: Readonly<Record<string, readonly [body: BodyInit, bytes: string, type: string]>> = {
  text: [text, text, "text/plain;charset=UTF-8"],
  "bytes, those of their view alone": [new TextEncoder().encode(`--${text}--`).subarray(2, -2), text, ""],
  "an ArrayBuffer": [new TextEncoder().encode(text).buffer, text, ""],
  "a Blob with its type": [new Blob([text], { type: "application/x-things" }), text, "application/x-things"],
  URLSearchParams: [
    new URLSearchParams({ a: "1", b: "ä &" }),
    "a=1&b=%C3%A4+%26",
    "application/x-www-form-urlencoded;charset=UTF-8",
  ],
};

/** Sends a body to a server that refuses it once; gives what arrived. */
async function refusedOnce(at: Place, init: RequestInit): Promise<{ length: number; sha256: string; type: string }[]> {
  const url = await at.here({ status: 401 }, {});
  const response = await answering(fetch)(url, { method: "POST", ...init });
  same(response.status, 200, "the response");
  return arrived(at, url);
}

async function arrived(at: Place, url: string): Promise<{ length: number; sha256: string; type: string }[]> {
  const seen = (await at.seen()).filter(({ target }) => target === new URL(url).pathname);
  return seen.map(({ length, sha256: hash, headers }) => ({
    length,
    sha256: hash,
    type: headers["content-type"] ?? "",
  }));
}

export const bodies: Chapter = {
  promise: "5. Bodies",
  cases: [
    ...Object.entries(KINDS).map(([kind, [body, bytes, type]]) => ({
      title: `${kind}: sent again from where it is`,
      async run(at: Place) {
        const expected = { length: new TextEncoder().encode(bytes).length, sha256: await sha256(bytes), type };
        same(await refusedOnce(at, { body }), [expected, expected], "what arrived");
      },
    })),
    {
      title: "FormData: encoded once, with one boundary",
      async run(at) {
        const form = new FormData();
        form.append("name", "Fïnley");
        form.append("file", new Blob([text], { type: "text/plain" }), "a file.txt");
        const [first, second] = await refusedOnce(at, { body: form });
        same(second, first, "what arrived the second time");
        const boundary = /^multipart\/form-data; ?boundary="?([^"]+)"?$/.exec(first?.type ?? "")?.[1] ?? "none";
        for (const { text: sent } of await at.seen()) {
          holds(sent.startsWith(`--${boundary}\r\n`), "the Content-Type names the boundary");
          holds(sent.includes("Fïnley") && sent.includes(text.slice(0, 200)), "the form is whole");
        }
      },
    },
    {
      title: "the body of a Request that was made of text: sent again, with its Content-Length",
      async run(at) {
        const url = await at.here({ status: 401 }, {});
        const response = await answering(fetch)(new Request(url, { method: "POST", body: text }));
        same(response.status, 200, "the response");
        const hash = await sha256(text);
        const length = new TextEncoder().encode(text).length;
        same(
          (await at.seen()).map((seen) => [seen.sha256, seen.headers["content-length"]]),
          [
            [hash, String(length)],
            [hash, String(length)],
          ],
          "what arrived",
        );
      },
    },
    {
      title: "a function: asked for the body at each send, also where it is large",
      async run(at) {
        const url = await at.here({ status: 401 }, {});
        const bytes = await bytesOf(2000 * KIB);
        let made = 0;
        const body = (): Blob => {
          made += 1;
          return new Blob([bytes]);
        };
        const response = await createAuthFetch({ auth: answering })(url, { method: "PUT", body });
        same([response.status, made], [200, 2], "the response, and how many bodies were made");
        const hash = await sha256(bytes);
        same(
          (await at.seen()).map((seen) => seen.sha256),
          [hash, hash],
          "what arrived",
        );
      },
    },
    {
      title: "a stream: read once, and sent a second time from what is recorded",
      needs: "streamed uploads",
      async run(at) {
        const init: StreamInit = { body: bytesStream(200 * KIB), duplex: "half" };
        const hash = await sha256(await bytesOf(200 * KIB));
        const sent = await refusedOnce(at, init);
        same(
          sent.map((arrival) => [arrival.length, arrival.sha256]),
          [
            [200 * KIB, hash],
            [200 * KIB, hash],
          ],
          "what arrived",
        );
      },
      without: {
        title: "a stream: the platform's own TypeError, and nothing is sent",
        async run(at) {
          const url = await at.here({ status: 401 }, {});
          const init: StreamInit = { method: "PUT", body: bytesStream(200 * KIB), duplex: "half" };
          holds((await failureOf(answering(fetch)(url, init))) instanceof TypeError, "it is a TypeError");
          same((await at.seen()).length, 0, "the requests");
        },
      },
    },
    {
      title: "a stream: an early 401 is answered, although the whole exceeds replayLimit",
      needs: "early responses",
      async run(at) {
        const url = await at.here({ status: 401, when: "at once" }, {});
        const answered = deferred<void>();
        const early = defineScheme({
          name: "early",
          *authFlow(request) {
            yield request;
            request.headers.set("authorization", "Test answer");
            answered.resolve();
            yield request;
          },
        });
        const body = bytesStream(400 * KIB, { after: 64 * KIB, opens: answered.promise });
        const init: StreamInit = { method: "PUT", body, duplex: "half" };
        same((await early(fetch, { replayLimit: 128 * KIB })(url, init)).status, 200, "the response");
        same((await at.seen()).at(-1)?.sha256, await sha256(await bytesOf(400 * KIB)), "what arrived");
      },
      without: {
        title: "a stream: an early 401 is answered once the upload has ended, within replayLimit",
        needs: "streamed uploads",
        async run(at) {
          const url = await at.here({ status: 401, when: "at once" }, {});
          const init: StreamInit = { method: "PUT", body: bytesStream(400 * KIB), duplex: "half" };
          same((await answering(fetch, { replayLimit: 400 * KIB })(url, init)).status, 200, "the response");
          same((await at.seen()).at(-1)?.sha256, await sha256(await bytesOf(400 * KIB)), "what arrived");
        },
        without: {
          title: "a Blob: sent again whole, although it exceeds replayLimit",
          async run(at) {
            const url = await at.here({ status: 401 }, {});
            const bytes = await bytesOf(400 * KIB);
            const init = { method: "PUT", body: new Blob([bytes]) };
            same((await answering(fetch, { replayLimit: 128 * KIB })(url, init)).status, 200, "the response");
            same((await at.seen()).at(-1)?.sha256, await sha256(bytes), "what arrived");
          },
        },
      },
    },
    {
      title: "a stream: past what is recorded, ERR_AUTHFLOW_BODY_NOT_REPLAYABLE with the 401, never an empty body",
      needs: "streamed uploads",
      async run(at) {
        const url = await at.here({ status: 401, body: "who?" }, {});
        const init: StreamInit = { method: "PUT", body: bytesStream(200 * KIB), duplex: "half" };
        const call = answering(fetch, { replayLimit: 64 * KIB })(url, init);
        const error = await codeOf(call, "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE");
        holds(error instanceof BodyNotReplayableError, "it is of its class");
        same([error.response?.status, await error.response?.text()], [401, "who?"], "the response in it");
        same((await at.seen()).length, 1, "the requests");
      },
      without: {
        title: "a function that makes streams: the platform's own TypeError, and nothing is sent",
        async run(at) {
          const url = await at.here({ status: 401 }, {});
          const call = createAuthFetch({ auth: answering })(url, { method: "PUT", body: () => bytesStream(200 * KIB) });
          holds((await failureOf(call)) instanceof TypeError, "it is a TypeError");
          same((await at.seen()).length, 0, "the requests");
        },
      },
    },
    {
      title: "a scheme that sends once passes a stream of any size",
      needs: "streamed uploads",
      async run(at) {
        const url = await at.here();
        const init: StreamInit = { method: "PUT", body: bytesStream(2048 * KIB), duplex: "half" };
        const once = header("x-key", "1", { sendsOnce: true });
        same((await once(fetch, { replayLimit: 0 })(url, init)).status, 200, "the response");
        same((await at.seen())[0]?.sha256, await sha256(await bytesOf(2048 * KIB)), "what arrived");
      },
      without: {
        title: "a scheme that sends once passes a Blob of any size",
        async run(at) {
          const url = await at.here();
          const bytes = await bytesOf(2048 * KIB);
          const once = header("x-key", "1", { sendsOnce: true });
          await once(fetch, { replayLimit: 0 })(url, { method: "PUT", body: new Blob([bytes]) });
          same((await at.seen())[0]?.sha256, await sha256(bytes), "what arrived");
        },
      },
    },
    {
      title: "content that a flow asks for is read from a copy, and the caller's response stays readable",
      async run(at) {
        const url = await at.here({ body: "the answer" });
        const measuring = defineScheme({
          name: "measuring",
          requiresRequestBody: true,
          requiresResponseBody: true,
          *authFlow(request) {
            request.headers.set("x-length", String(request.content.length));
            const response = yield request;
            same(new TextDecoder().decode(response.content), "the answer", "the content of the response");
          },
        });
        const response = await measuring(fetch)(url, { method: "POST", body: "12345" });
        same(await response.text(), "the answer", "the response");
        const [seen] = await at.seen();
        same([seen?.headers["x-length"], seen?.text], ["5", "12345"], "the request");
      },
    },
    {
      title: "content beyond contentLimit is ERR_AUTHFLOW_CONTENT_TOO_LARGE",
      async run(at) {
        const url = await at.here();
        const reading = defineScheme({
          name: "reading",
          requiresRequestBody: true,
          *authFlow(request) {
            yield request;
          },
        });
        const init = { method: "POST", body: "12345" };
        await codeOf(reading(fetch, { contentLimit: 4 })(url, init), "ERR_AUTHFLOW_CONTENT_TOO_LARGE");
        same((await at.seen()).length, 0, "the requests");
      },
    },
  ],
};
