import { digest } from "@authflow/digest";
import type { Chapter } from "../case.ts";
import { codeOf, same } from "../expect.ts";
import type { Place } from "../place.ts";

const ACCOUNT = { username: "finley", password: "secret" };
const ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"];

/** What the strict server made of each request. */
async function verdicts(at: Place): Promise<(string | undefined)[]> {
  return (await at.seen()).map(({ verdict }) => verdict);
}

export const digestChapter: Chapter = {
  promise: "Digest",
  cases: [
    ...ALGORITHMS.map((algorithm) => ({
      title: `answers with ${algorithm}, and goes unasked from then on (RFC 7616 §3.4)`,
      async run(at: Place) {
        const url = await at.digest({ algorithms: [algorithm] });
        const authFetch = digest(ACCOUNT)(fetch);
        const first = await authFetch(`${url}/a?b=c%20d`);
        const second = await authFetch(url, { method: "POST", body: "b" });
        same([first.status, second.status], [200, 200], "the responses");
        same(await verdicts(at), ["no credentials", "accepted", "accepted"], "what the server says");
      },
    })),
    {
      title: "takes the strongest of several challenges",
      async run(at) {
        const url = await at.digest({ algorithms: ["MD5", "SHA-512-256", "SHA-256"], oneLine: true });
        same((await digest(ACCOUNT)(fetch)(url)).status, 200, "the response");
        const sent = (await at.seen())[1]?.headers["authorization"] ?? "";
        same(/algorithm=([^,]+)/.exec(sent)?.[1], "SHA-512-256", "the algorithm");
      },
    },
    {
      title: "protects the body with auth-int (§3.4.3)",
      async run(at) {
        const url = await at.digest({ qop: "auth-int" });
        const form = new FormData();
        form.append("a", new Blob(["b"]), "c.txt");
        const authFetch = digest(ACCOUNT)(fetch);
        for (const body of ["päyload", form, new URLSearchParams({ a: "b" })]) {
          same((await authFetch(url, { method: "POST", body })).status, 200, "the response");
        }
        same(await verdicts(at), ["no credentials", "accepted", "accepted", "accepted"], "what the server says");
      },
    },
    {
      title: "hashes a user name beyond ASCII, and sends it hashed where that is asked for (§3.4.4, §4)",
      async run(at) {
        const [username, password] = ["Jäsøn Doe", "pässwörd"];
        for (const userhash of [false, true]) {
          const url = await at.digest({ accounts: { [username]: password }, userhash });
          same((await digest({ username, password })(fetch)(url)).status, 200, "the response");
        }
      },
    },
    {
      title: "hashes the octets of a realm beyond ASCII, and sends them back as they came (§3.3)",
      async run(at) {
        const url = await at.digest({ realm: "Büro \u65e5" });
        same((await digest(ACCOUNT)(fetch)(url)).status, 200, "the response");
      },
    },
    {
      title: "does without qop, as RFC 2069 has it",
      async run(at) {
        const url = await at.digest({ qop: null, algorithms: ["MD5"], namesAlgorithm: false, opaque: null });
        same((await digest(ACCOUNT)(fetch)(url)).status, 200, "the response");
      },
    },
    {
      title: "answers stale, and uses nextnonce (§3.3, §3.5)",
      async run(at) {
        const [stale, next] = [await at.digest({ nonceUses: 1 }), await at.digest({ nextNonceEvery: 1, nonceUses: 1 })];
        for (const [url, requests] of [
          [stale, 6],
          [next, 4],
        ] as const) {
          const authFetch = digest(ACCOUNT)(fetch);
          const before = (await at.seen()).length;
          for (let count = 0; count < 3; count++) same((await authFetch(url)).status, 200, "the response");
          same((await at.seen()).length - before, requests, "the requests of three calls");
        }
      },
    },
    {
      title: "makes 21 requests of 20 calls at once to a server that it doesn't know, each with a count of its own",
      async run(at) {
        const url = await at.digest({ counts: "unseen" });
        const authFetch = digest(ACCOUNT)(fetch);
        const calls = Array.from({ length: 20 }, async (_, index) => (await authFetch(`${url}/${index}`)).status);
        same(new Set(await Promise.all(calls)).size, 1, "the kinds of responses");
        same(
          (await verdicts(at)).map(String).toSorted((a, b) => a.localeCompare(b)),
          [...Array.from({ length: 20 }, () => "accepted"), "no credentials"],
          "what the server says",
        );
      },
    },
    {
      title: "waits no longer than handshakeTimeout for a server that is slow to ask",
      async run(at) {
        const url = await at.here({ fault: "silence" }, {});
        const controller = new AbortController();
        const authFetch = digest({ ...ACCOUNT, handshakeTimeout: 50 })(fetch);
        const leader = authFetch(`${url}/leads`, { signal: controller.signal }).catch(() => "aborted");
        await at.arrived(1);
        same((await authFetch(`${url}/waits`)).status, 200, "the call that waited");
        controller.abort();
        same(await leader, "aborted", "the call that led");
      },
    },
    {
      title: "checks the server's own proof, and demands it where it is told to (§3.5)",
      async run(at) {
        const [right, wrong, none] = [
          await at.digest({ rspauth: true }),
          await at.digest({ rspauth: "wrong" }),
          await at.digest({ rspauth: false }),
        ];
        const demanding = { ...ACCOUNT, requireRspauth: true };
        same((await digest(demanding)(fetch)(right)).status, 200, "the response with a proof");
        await codeOf(digest(ACCOUNT)(fetch)(wrong), "ERR_AUTHFLOW_AUTH_VERIFICATION");
        await codeOf(digest(demanding)(fetch)(none), "ERR_AUTHFLOW_AUTH_VERIFICATION");
      },
    },
    {
      title: "asks before it sends a body, where it is told to probe",
      async run(at) {
        const url = await at.digest({});
        const response = await digest({ ...ACCOUNT, probe: "head" })(fetch)(url, { method: "PUT", body: "large" });
        same(response.status, 200, "the response");
        same(
          (await at.seen()).map(({ method, text }) => [method, text]),
          [
            ["HEAD", ""],
            ["PUT", "large"],
          ],
          "the requests",
        );
      },
    },
  ],
};
