// Who authenticates in the soak: each scheme, and ways to compose them, around one fetch for all of their calls. A new
// scheme is one more entry.
import { apiKey } from "@authflow/api-key";
import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { anyOf, createAuthFetch, routes } from "@authflow/core";
import { digest } from "@authflow/digest";
import type { AuthScheme, Scheme } from "@authflow/flow";
import { netrc } from "@authflow/netrc";
import { clientCredentials } from "@authflow/oauth2";
import { ACCOUNT, API_KEY, CLIENT } from "./accounts.ts";
import { counted, type Tally } from "./generators.ts";
import type { Wanted } from "./plan.ts";
import type { Origins } from "./servers.ts";

export interface Subject {
  readonly wants: Wanted;
  readonly fetch: typeof fetch;
  /** Whether a refusal can come to the caller: what was accepted may end while a call is under way. */
  readonly mayBeRefused: boolean;
  /** Whether a call can fail by what happened to another, with which it shares work. */
  readonly shares: boolean;
  /** Whether each hop of a redirect is looked up by itself, so that who comes back has credentials again. */
  readonly perHop?: boolean;
}

/** A source of tokens that has failed. */
export class SourceError extends Error {}

const ALONE = { mayBeRefused: false, shares: false } as const;
const TOGETHER = { mayBeRefused: true, shares: true } as const;

/** The subjects by name. */
export function subjectsFor({ home }: Origins, tally: Tally): Readonly<Record<string, Subject>> {
  const of = (scheme: AuthScheme): Scheme => counted(scheme, tally);
  const around = (scheme: AuthScheme): typeof fetch => of(scheme)(fetch);
  const token = tokenSource(home);
  const machine = new URL(home).hostname;
  return {
    basic: { wants: "basic", fetch: around(basic(ACCOUNT)), ...ALONE },
    "basic, when asked": { wants: "basic", fetch: around(basic({ ...ACCOUNT, preemptive: false })), ...ALONE },
    "bearer, a function": { wants: "bearer", fetch: around(bearer(token, { backOff: 0 })), ...TOGETHER },
    "api-key, header": { wants: "header", fetch: around(apiKey({ header: true, value: API_KEY })), ...ALONE },
    "api-key, query": { wants: "query", fetch: around(apiKey({ query: true, value: API_KEY })), ...ALONE },
    digest: { wants: "digest", fetch: around(digest(ACCOUNT)), ...TOGETHER },
    "digest, auth-int": { wants: "digest-int", fetch: around(digest(ACCOUNT)), ...TOGETHER },
    netrc: {
      wants: "basic",
      fetch: around(netrc({ text: `machine ${machine} login ${ACCOUNT.username} password ${ACCOUNT.password}` })),
      ...ALONE,
      perHop: true,
    },
    oauth2: {
      wants: "bearer",
      fetch: around(
        clientCredentials({ tokenEndpoint: `${home}/token`, clientId: CLIENT.id, clientSecret: CLIENT.secret }),
      ),
      ...TOGETHER,
    },
    routes: {
      wants: "basic",
      fetch: routes([
        { match: `${home}/nowhere/`, auth: of(basic({ username: "nobody", password: "nothing" })) },
        { match: `${home}/`, auth: of(basic(ACCOUNT)) },
      ])(fetch),
      ...ALONE,
      perHop: true,
    },
    anyOf: { wants: "digest", fetch: around(anyOf(of(digest(ACCOUNT)), of(basic(ACCOUNT)))), ...TOGETHER },
    createAuthFetch: {
      wants: "basic",
      fetch: createAuthFetch({ auth: of(basic(ACCOUNT)) }),
      ...ALONE,
    },
    "api-key around bearer": {
      wants: "bearer",
      fetch: of(apiKey({ header: true, value: API_KEY }))(around(bearer(token, { backOff: 0 }))),
      ...TOGETHER,
    },
  };
}

/** Asks the token endpoint by itself, as an application does, and fails at times. */
function tokenSource(home: string): () => Promise<string> {
  let count = 0;
  return async () => {
    count += 1;
    if (count % 12 === 0) throw new SourceError("The source of tokens has failed, as it does at times.");
    const authorization = `Basic ${btoa(`${CLIENT.id}:${CLIENT.secret}`)}`;
    const response = await fetch(`${home}/token?faults=none`, { method: "POST", headers: { authorization } });
    const { access_token: token } = (await response.json()) as { access_token: string }; // the soak's own
    return token;
  };
}
