import { formatAuthenticationInfo, formatChallenge } from "@authflow/challenge";
import { digestHash, type DigestInput, digestResponse, isAlgorithm, utf8Octets } from "./digest-arithmetic.ts";
import { MalformedCredentials, readCredentials } from "./digest-credentials.ts";
import { DigestNonces, randomNonce } from "./digest-nonces.ts";
import type { DigestRules } from "./digest-options.ts";

/** What of a request a digest is about. */
export interface DigestRequest {
  readonly method: string;
  /** As it stands on the request line. */
  readonly target: string;
  /** The Authorization field, if there is one. */
  readonly authorization: string | null;
  /** The hash of its body with an algorithm, in hexadecimal. */
  entity(algorithm: string): string;
}

/** What a server makes of a request. */
export interface DigestVerdict {
  /** 200: it is let in; 401: it is asked for (other) credentials; 400: its credentials can't be meant. */
  readonly status: 200 | 400 | 401;
  /** Why, in words: `accepted`, `no credentials`, `the response is wrong`, `nc is 3 after 1`, … */
  readonly reason: string;
  /** The lines of `WWW-Authenticate`. */
  readonly challenges: readonly string[];
  /** The value of `Authentication-Info` for a response with this body; undefined for none. */
  authenticationInfo(body: string): string | undefined;
}

/**
 * Verifies digests as strictly as the RFC allows: every response is computed anew, every `nc` has its turn, and every
 * parameter has to be written as the RFC writes it.
 */
export class DigestVerifier {
  readonly #rules: DigestRules;
  readonly #realm: string;
  readonly #algorithms: readonly string[];
  readonly #nonces: DigestNonces;
  readonly #accounts: readonly (readonly [username: string, password: string])[];

  constructor(rules: DigestRules = {}) {
    const { realm = "authflow", algorithms = ["SHA-256", "MD5"], accounts = { finley: "secret" } } = rules;
    const { counts = "next", nonceUses = Infinity, nonceLifetime = Infinity, now = Date.now } = rules;
    for (const name of algorithms) if (!isAlgorithm(name)) throw new TypeError(`There is no digest algorithm ${name}.`);
    this.#rules = rules;
    this.#realm = /[^\0-\xff]/.test(realm) ? utf8Octets(realm) : realm;
    this.#algorithms = algorithms;
    this.#accounts = Object.entries(accounts).map(([name, password]) => [utf8Octets(name), utf8Octets(password)]);
    const make = rules.nonce ?? randomNonce;
    this.#nonces = new DigestNonces({ counts, uses: nonceUses, lifetime: nonceLifetime, now, make });
  }

  /** Makes every nonce that was issued so far stale. */
  expire(): void {
    this.#nonces.expire();
  }

  verify(request: DigestRequest): DigestVerdict {
    const { authorization } = request;
    if (authorization === null || !/^digest\b/i.test(authorization)) return this.#ask("no credentials", false);
    try {
      return this.#check(request, readCredentials(authorization));
    } catch (error) {
      if (!(error instanceof MalformedCredentials)) throw error;
      return { status: 400, reason: error.message, challenges: [], authenticationInfo: () => undefined };
    }
  }

  #check(request: DigestRequest, params: ReadonlyMap<string, string>): DigestVerdict {
    const text = (name: string): string => params.get(name) ?? "";
    const algorithm = this.#algorithmOf(params);
    this.#checkAgainstChallenge(params);
    // §3.4: the server of what the uri names is this one, and what it names is what was asked for.
    if (text("uri") !== request.target) refuse(`uri is ${text("uri")}, and the request is for ${request.target}`);

    const qop = params.get("qop");
    const account = this.#accountOf(params, algorithm);
    if (!account) return this.#ask("the username is unknown", false);
    const [username, password] = account;
    const input: DigestInput = {
      algorithm,
      username,
      password,
      realm: this.#realm,
      nonce: text("nonce"),
      method: request.method,
      uri: request.target,
      qop,
      nc: params.get("nc"),
      cnonce: params.get("cnonce"),
      entity: qop === "auth-int" ? request.entity(algorithm) : undefined,
    };
    if (digestResponse(input) !== text("response")) return this.#ask("the response is wrong", false);
    const count = qop === undefined ? undefined : Number.parseInt(text("nc"), 16);
    const problem = this.#nonces.use(text("nonce"), algorithm, count);
    if (problem !== undefined) return this.#ask(problem, this.#rules.stale ?? true);
    return {
      status: 200,
      reason: "accepted",
      challenges: [],
      authenticationInfo: (body) => this.#info(input, body),
    };
  }

  /** The algorithm of the challenge that was answered, as that spells it. */
  #algorithmOf(params: ReadonlyMap<string, string>): string {
    const { namesAlgorithm = true } = this.#rules;
    const given = params.get("algorithm");
    if (!namesAlgorithm && given !== undefined) refuse("algorithm is there, and the challenge named none");
    const found = namesAlgorithm ? this.#algorithms.find((name) => name === given) : this.#algorithms[0];
    return found ?? refuse(`algorithm is ${given}, which was not offered`);
  }

  /** What has to come back as it was sent, or may only be there if it was offered. */
  #checkAgainstChallenge(params: ReadonlyMap<string, string>): void {
    const { qop = "auth", opaque = "opaque", userhash = false } = this.#rules;
    if (params.get("realm") !== this.#realm) refuse("realm is another");
    if ((params.get("opaque") ?? null) !== opaque) refuse("opaque is not what was sent");
    if (params.has("userhash") !== userhash) refuse(`userhash is ${userhash ? "missing" : "there"}`);
    const given = params.get("qop");
    if (qop === null ? given !== undefined : !qop.split(/[ ,]+/).includes(given ?? "")) {
      refuse(`qop is ${given}, and the challenge offered ${qop}`);
    }
  }

  #accountOf(params: ReadonlyMap<string, string>, algorithm: string): readonly [string, string] | undefined {
    const given = params.get("username") ?? extendedValue(params.get("username*") ?? "");
    return this.#accounts.find(([name]) =>
      params.has("userhash") ? digestHash(algorithm, `${name}:${this.#realm}`) === given : name === given,
    );
  }

  #info(input: DigestInput, body: string): string | undefined {
    const { rspauth = true, nextNonceEvery = Infinity } = this.#rules;
    const { algorithm, qop, nc, cnonce, nonce } = input;
    const entity = digestHash(algorithm, Buffer.from(body, "utf8"));
    const proof = digestResponse({ ...input, method: "", entity });
    const isNext = this.#nonces.usesOf(nonce) % nextNonceEvery === 0;
    const params: [string, string | undefined][] = [
      ["rspauth", rspauth === "wrong" ? proof.replace(/./g, (digit) => (digit === "0" ? "1" : "0")) : proof],
      ["qop", qop],
      ["nc", nc],
      ["cnonce", cnonce],
    ];
    const all = rspauth === false ? [] : params;
    if (isNext) all.push(["nextnonce", this.#nonces.issue(algorithm)]);
    return all.length > 0 ? formatAuthenticationInfo(all, ["qop", "nc"]) : undefined;
  }

  /** A 401 with a challenge for each algorithm. */
  #ask(reason: string, stale: boolean): DigestVerdict {
    const {
      qop = "auth",
      opaque = "opaque",
      userhash,
      charset = true,
      domain,
      oneLine,
      namesAlgorithm = true,
    } = this.#rules;
    const challenges = this.#algorithms.map((algorithm) =>
      formatChallenge({
        scheme: "Digest",
        params: [
          ["realm", this.#realm],
          ["domain", domain],
          ["nonce", this.#nonces.issue(algorithm)],
          ["opaque", opaque ?? undefined],
          ["stale", stale ? "true" : undefined],
          ["algorithm", namesAlgorithm ? algorithm : undefined],
          ["qop", qop ?? undefined],
          ["charset", charset ? "UTF-8" : undefined],
          ["userhash", userhash ? "true" : undefined],
        ],
        tokens: ["stale", "algorithm", "charset", "userhash"],
      }),
    );
    return {
      status: 401,
      reason,
      challenges: oneLine ? [challenges.join(", ")] : challenges,
      authenticationInfo: () => undefined,
    };
  }
}

/** RFC 8187 §3.2.1, in octets. */
function extendedValue(text: string): string {
  const [, encoded] = /^UTF-8'[^']*'([!#$&+.^`|~\w%-]+)$/i.exec(text) ?? [];
  if (encoded === undefined) refuse("username* is not as RFC 8187 writes it");
  return encoded.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function refuse(problem: string): never {
  throw new MalformedCredentials(problem);
}
