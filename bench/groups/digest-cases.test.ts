import { DigestVerifier } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import type { Run } from "./compared.ts";
import { ACCOUNT, CHALLENGED, DIGEST_CASES } from "./digest-cases.ts";
import { MockNext, type Next } from "./mock-next.ts";

/** What a strict server says to each request that comes of three calls. */
async function verdictsOf(make: (next: Next) => Run | Promise<Run>, algorithm: string): Promise<string[]> {
  const { realm, nonce } = CHALLENGED;
  const verifier = new DigestVerifier({
    realm,
    algorithms: [algorithm],
    accounts: { [ACCOUNT.username]: ACCOUNT.password },
    opaque: null,
    nonce: () => nonce,
  });
  verifier.verify({ method: "GET", target: "/", authorization: null, entity: () => "" }); // so that it knows the nonce
  const { fetch, answer } = new MockNext();
  const verdicts: string[] = [];
  const call = await make({
    answer,
    fetch: (input, init) => {
      const { method, url, headers } = new Request(input, init);
      const { pathname, search } = new URL(url);
      const authorization = headers.get("authorization");
      const { reason } = verifier.verify({ method, target: pathname + search, authorization, entity: () => "" });
      verdicts.push(reason);
      return fetch(input, init);
    },
  });
  for (let count = 0; count < 3; count++) await call();
  return verdicts;
}

describe.each(DIGEST_CASES)("what is timed as $name", ({ name, make, byHand }) => {
  const algorithm = name.includes("MD5") ? "MD5" : "SHA-256";
  const threeCalls = ["accepted", "accepted", "accepted"];

  it("sends one request a call, once it is warm, and a strict server lets each in", async () => {
    const verdicts = await verdictsOf(make, algorithm);
    expect(verdicts.slice(-3)).toEqual(threeCalls);
    expect(verdicts.slice(0, -3)).toEqual(name.endsWith("warm") ? ["no credentials", "accepted"] : []);
  });

  it("is compared with requests that it lets in as well", async () => {
    expect(await verdictsOf(byHand, algorithm)).toEqual(threeCalls);
  });
});
