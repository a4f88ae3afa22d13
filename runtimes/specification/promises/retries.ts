import { basic } from "@authflow/basic";
import { digest } from "@authflow/digest";
import type { Chapter } from "../case.ts";
import { same } from "../expect.ts";
import type { Place } from "../place.ts";

const ACCOUNT = { username: "finley", password: "secret" };
const ASKING = { "WWW-Authenticate": 'Basic realm="r"' };

function askingForDigest(nonce: string): Record<string, string> {
  return { "WWW-Authenticate": `Digest realm="r", nonce="${nonce}", stale=true, qop="auth"` };
}

/** How many requests a call to a place takes, and what the caller gets. */
async function outcome(at: Place, call: Promise<Response>): Promise<[status: number, requests: number]> {
  const { status } = await call;
  return [status, (await at.seen()).length];
}

export const retries: Chapter = {
  promise: "10. Retries are bounded",
  cases: [
    {
      title: "one answer to a challenge",
      async run(at) {
        const url = await at.here({ status: 401, headers: ASKING });
        same(await outcome(at, basic({ ...ACCOUNT, preemptive: false })(fetch)(url)), [401, 2], "status and requests");
      },
    },
    {
      title: "none to the refusal of credentials that went unasked, where there are no others",
      async run(at) {
        const url = await at.here({ status: 401, headers: ASKING });
        same(await outcome(at, basic(ACCOUNT)(fetch)(url)), [401, 1], "status and requests");
      },
    },
    {
      title: "at most two because of stale",
      async run(at) {
        const nonces = Array.from({ length: 10 }, (_, index) => `n${index}`);
        const url = await at.here(...nonces.map((nonce) => ({ status: 401, headers: askingForDigest(nonce) })));
        same(await outcome(at, digest(ACCOUNT)(fetch)(url)), [401, 4], "status and requests");
      },
    },
    {
      title: "the same nonce is never answered twice",
      async run(at) {
        const url = await at.here({ status: 401, headers: askingForDigest("n") });
        same(await outcome(at, digest(ACCOUNT)(fetch)(url)), [401, 2], "status and requests");
      },
    },
    ...[
      { name: "a 401 without a challenge", status: 401, headers: {} },
      { name: "a 401 with a challenge of another scheme", status: 401, headers: { "WWW-Authenticate": "Negotiate" } },
      { name: "a malformed challenge", status: 401, headers: { "WWW-Authenticate": 'Digest realm="r, nonce=' } },
      { name: "a 403", status: 403, headers: ASKING },
      { name: "a 200 with a challenge", status: 200, headers: ASKING },
    ].map(({ name, status, headers }) => ({
      title: `${name} comes back untouched`,
      async run(at: Place) {
        const url = await at.here({ status, headers, body: "as it is" });
        const response = await digest(ACCOUNT)(fetch)(url);
        same([response.status, await response.text()], [status, "as it is"], "the response");
        same((await at.seen()).length, 1, "the requests");
      },
    })),
    {
      title: "a 407 of an origin comes out as bare fetch gives it",
      async run(at) {
        const refusal = { status: 407, headers: { "Proxy-Authenticate": 'Basic realm="r"' } };
        const urls = [await at.here(refusal), await at.here(refusal)];
        const told = await Promise.all(
          [fetch, basic({ ...ACCOUNT, preemptive: false })(fetch)].map((fetching, index) =>
            fetching(urls[index] ?? "").then(
              ({ status }) => String(status),
              (error: unknown) => (error instanceof TypeError ? "TypeError" : String(error)),
            ),
          ),
        );
        same(told[1], told[0], "what comes out");
        same(
          (await at.seen()).filter(({ headers }) => "authorization" in headers).length,
          0,
          "the requests with credentials",
        );
      },
    },
  ],
};
