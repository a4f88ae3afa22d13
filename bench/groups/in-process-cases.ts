import { basic } from "@authflow/basic";
import { compose, createAuthFetch } from "@authflow/core";
import { defineScheme, type SyncScheme } from "@authflow/flow";
import type { Compared, Run } from "./compared.ts";
import type { Next } from "./mock-next.ts";

const URL_TEXT = "https://api.example.com/v1/items?page=2";
const ACCOUNT = { username: "finley", password: "secret" };
const authorization = `Basic ${btoa("finley:secret")}`;
const accept = "application/json";

export const COMPARED: readonly Compared[] = [
  { name: "by hand: next(new Request(url, { headers }))", make: sendsRequest, byHand: sendsRequest },
  { name: "by hand: a wrapper that sets a header, no Request", make: setsHeader, byHand: sendsRequest },
  {
    name: "basic, a string",
    limit: 1.5,
    make({ fetch }) {
      const authFetch = basic(ACCOUNT)(fetch);
      return () => authFetch(URL_TEXT);
    },
    byHand: sendsRequest,
  },
  {
    name: "basic, a string and a header (by hand as well)",
    limit: 1.5,
    make({ fetch }) {
      const authFetch = basic(ACCOUNT)(fetch);
      return () => authFetch(URL_TEXT, { headers: { accept } });
    },
    byHand({ fetch }) {
      return () => fetch(new Request(URL_TEXT, { headers: { accept, authorization } }));
    },
  },
  {
    name: "basic, a new Request",
    limit: 3,
    make({ fetch }) {
      const authFetch = basic(ACCOUNT)(fetch);
      return () => authFetch(new Request(URL_TEXT));
    },
    byHand: sendsRequest,
  },
  {
    name: "three schemes composed, a string",
    limit: 2,
    make({ fetch }) {
      const authFetch = compose(sets("x-api-key", "k1"), sets("x-tenant", "t1"), basic(ACCOUNT))(fetch);
      return () => authFetch(URL_TEXT);
    },
    byHand: sendsRequest,
  },
  {
    name: "createAuthFetch, the client's [username, password]",
    make({ fetch }) {
      const authFetch = createAuthFetch({ auth: ["finley", "secret"], fetch });
      return () => authFetch(URL_TEXT);
    },
    byHand: sendsRequest,
  },
  {
    name: "createAuthFetch, the request's [username, password]",
    make({ fetch }) {
      const authFetch = createAuthFetch({ fetch });
      return () => authFetch(URL_TEXT, { auth: ["finley", "secret"] });
    },
    byHand: sendsRequest,
  },
  { name: "basic, preemptive: false, warm", make: challengedBefore, byHand: sendsRequest },
];

/** The floor: what is sent has to become a Request somewhere. */
function sendsRequest({ fetch }: Next): Run {
  return () => fetch(new Request(URL_TEXT, { headers: { authorization } }));
}

/** The least that somebody would write: no redirects, no Requests, no origin is looked at. */
function setsHeader({ fetch }: Next): Run {
  const wrapper: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("authorization", authorization);
    return fetch(input, { ...init, headers });
  };
  return () => wrapper(URL_TEXT);
}

/** An API key and its like. */
function sets(name: string, value: string): SyncScheme {
  return defineScheme({
    name,
    sendsOnce: true,
    *authFlow(request) {
      request.headers.set(name, value);
      yield request;
    },
  });
}

/** Basic that waits for challenges, after one: from then on it sends the credentials unasked. */
async function challengedBefore(next: Next): Promise<Run> {
  const authFetch = basic({ ...ACCOUNT, preemptive: false })(next.fetch);
  next.answer(new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="bench"' } }));
  const { status } = await authFetch(URL_TEXT);
  if (status !== 200) throw new Error(`The challenge was not answered: ${status}.`);
  return () => authFetch(URL_TEXT);
}
