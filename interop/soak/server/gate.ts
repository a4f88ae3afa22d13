// What the servers know: credentials that are good, and what they have seen.
import { DigestVerifier } from "@authflow/testing/server";
import { createHash, randomUUID } from "node:crypto";
import { ACCOUNT, API_KEY } from "../accounts.ts";
import type { Wanted } from "../plan.ts";

/** A request, whose body has come in. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

type Fields = readonly (readonly [name: string, value: string])[];

export interface Verdict {
  readonly isWelcome: boolean;
  /** The fields of a response with this body. */
  fields(body: string): Fields;
}

/** How often a token or a nonce is good. */
const USES = 200;

const BASIC = `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString("base64")}`;

/** Judges credentials; tokens and nonces end by use, and when they are told to. */
export class Gate {
  #token = "";
  #tokenUses = 0;
  readonly #digest = { digest: verifierOf("auth"), "digest-int": verifierOf("auth-int") };

  constructor() {
    this.expire();
  }

  /** The token that is good now. */
  get token(): string {
    return this.#token;
  }

  expire(): void {
    this.#token = `pl4nted-${randomUUID()}`;
    this.#tokenUses = 0;
    for (const verifier of Object.values(this.#digest)) verifier.expire();
  }

  judge(wanted: Wanted, request: Arrived): Verdict {
    const authorization = request.headers.get("authorization");
    switch (wanted) {
      case "basic":
        return asking(authorization === BASIC, 'Basic realm="soak"');
      case "header":
        return asking(request.headers.get("x-api-key") === API_KEY, "ApiKey");
      case "query":
        return asking(new URL(request.target, "http://server").searchParams.get("api_key") === API_KEY, "ApiKey");
      case "bearer":
        return asking(this.#accepts(authorization), 'Bearer realm="soak", error="invalid_token"');
      case "digest":
      case "digest-int":
        return judgeDigest(this.#digest[wanted], request, authorization);
      default:
        return asking(true, "");
    }
  }

  #accepts(authorization: string | null): boolean {
    if (authorization !== `Bearer ${this.#token}`) return false;
    this.#tokenUses += 1;
    if (this.#tokenUses === USES) {
      this.#token = `pl4nted-${randomUUID()}`;
      this.#tokenUses = 0;
    }
    return true;
  }
}

function verifierOf(qop: string): DigestVerifier {
  const accounts = { [ACCOUNT.username]: ACCOUNT.password };
  const algorithms = ["SHA-256", "MD5"];
  return new DigestVerifier({ accounts, algorithms, qop, counts: "unseen", nonceUses: USES, nextNonceEvery: 25 });
}

function judgeDigest(
  verifier: DigestVerifier,
  { method, target, body }: Arrived,
  authorization: string | null,
): Verdict {
  const entity = (algorithm: string): string =>
    createHash(algorithm.toLowerCase().startsWith("md5") ? "md5" : "sha256")
      .update(body)
      .digest("hex");
  const verdict = verifier.verify({ method, target, authorization, entity });
  return {
    isWelcome: verdict.status === 200,
    fields: (answer) => {
      if (verdict.status !== 200) return verdict.challenges.map((value) => ["WWW-Authenticate", value] as const);
      const info = verdict.authenticationInfo(answer);
      return info === undefined ? [] : [["Authentication-Info", info]];
    },
  };
}

function asking(isWelcome: boolean, challenge: string): Verdict {
  return { isWelcome, fields: () => (isWelcome ? [] : [["WWW-Authenticate", challenge]]) };
}
