import type { ServerReply } from "@authflow/testing/server";
import { credentialBytes } from "./credential-bytes.ts";
import { CHOSEN_BY_SERVER, type Journey } from "./journeys.ts";
import type { Cell } from "./matrix.ts";
import type { Arrival, Place, Places } from "./places.ts";
import { ISSUED_TOKEN, type Made } from "./subjects.ts";

/** Where the bytes of a call's credentials arrived. */
export interface Measured {
  /** At the origin of the call, before anybody was led anywhere. */
  readonly atHome: number;
  /** The same for each subject. */
  readonly bySubject: readonly number[];
  /** At the origin of the call, on a later step. */
  readonly later: number;
  /** Elsewhere, where they belong as well: the ports of a host in a netrc file, another route. */
  readonly shared: number;
  /** Where they don't belong. */
  readonly leaked: number;
  /** Who was asked for what behind the first step, in order. */
  readonly visits: readonly string[];
  /** The status that the caller got, or what the call rejected with. */
  readonly outcome: string;
}

/** Header fields that are credentials whatever stands in them. */
const CREDENTIAL_FIELDS = ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-signature"];
const BEARER = 'Bearer realm="matrix", error="invalid_token"';

/** What the token endpoint answers (RFC 6749 §5.1). */
const TOKEN: ServerReply = {
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ access_token: ISSUED_TOKEN, token_type: "Bearer", expires_in: 3600 }),
};

let calls = 0;

/** Makes one call and counts what arrived. */
export async function measure(cell: Cell, places: Places): Promise<Measured> {
  const { form, subjects, journey } = cell;
  const call = ++calls;
  const setting = {
    from: journey.from,
    origin: (place: Place): string => places.origin(place),
    tokenEndpoint: `${places.origin("issuer")}/${call}/token`,
  };
  const made = subjects.map((subject) => subject.make(setting));
  const send = form.make(made, setting);
  const answer = (arrival: Arrival): ServerReply => reply(cell, arrival, (step) => urlOf(places, journey, call, step));
  const arrivals = places.expect(call, answer);
  if (subjects.some(({ warm }) => warm)) {
    await (await send(places.url(journey.from, call, -1))).arrayBuffer();
  }
  const outcome = await outcomeOf(send, cell, made, urlOf(places, journey, call, 0));
  places.forget(call);
  return account(arrivals, made, journey, outcome);
}

function urlOf(places: Places, { from, hops }: Journey, call: number, step: number): string {
  return places.url(step === 0 ? from : (hops[step - 1]?.to ?? from), call, step);
}

async function outcomeOf(
  send: typeof fetch,
  { shape, journey }: Cell,
  made: readonly Made[],
  url: string,
): Promise<string> {
  const headers = Object.assign({}, ...made.map((one) => one.headers)) as Record<string, string>;
  const { redirect = "follow" } = journey;
  const address = made.reduce((text, one) => one.url?.(text) ?? text, url);
  const init: RequestInit = { redirect, headers, ...(shape === "POST" && { method: "POST", body: "what is posted" }) };
  try {
    const response = shape === "Request" ? await send(new Request(address, init)) : await send(address, init);
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return `${error instanceof Error ? error.name : "no error"} thrown`;
  }
}

/** What the server of a step says. */
function reply({ subjects, journey, status }: Cell, arrival: Arrival, url: (step: number) => string): ServerReply {
  const { step, place } = arrival;
  const { hops, from } = journey;
  if (place === "issuer") return TOKEN;
  const digest = `Digest realm="matrix", nonce="n${step}", qop="auth", algorithm=SHA-256`;
  if (hops[step - 1]?.asks)
    return { status: 401, headers: { "WWW-Authenticate": [digest, 'Basic realm="matrix"', BEARER] } };
  const left = place !== from || hops.slice(0, Math.max(step, 0)).some(({ to }) => to !== from);
  const authorization = arrival.headers.get("authorization");
  if (!left && authorization === null && subjects.some(({ waits }) => waits)) {
    return { status: 401, headers: { "WWW-Authenticate": [digest, 'Basic realm="matrix"'] } };
  }
  if (!left && subjects.some(({ refused }) => refused !== undefined && authorization?.includes(refused))) {
    return { status: 401, headers: { "WWW-Authenticate": BEARER } };
  }
  const next = hops[step];
  if (!next || step < 0) return { status: 200, body: "arrived" };
  const { location = (text) => text } = next;
  return { status, headers: { Location: location(url(step + 1), arrival) }, body: "moved" };
}

function account(arrivals: readonly Arrival[], made: readonly Made[], { from }: Journey, outcome: string): Measured {
  const credentials = made.flatMap((one) => one.credentials);
  // A digest proves a password without showing it: the proof is a credential, too.
  const proofs = arrivals.flatMap(({ place, text }) =>
    place === from ? Array.from(text.matchAll(/response="([\da-f]{32,})"/g), ([, proof = ""]) => proof) : [],
  );
  const known = [
    ...credentials,
    ...proofs.map((marker) => ({ marker, belongs: [from] })),
    { marker: CHOSEN_BY_SERVER, belongs: [] },
  ];
  const markersAt = (place: Arrival["place"], belonging: boolean): readonly string[] =>
    known.filter(({ belongs = [from] }) => belongs.includes(place) === belonging).map(({ marker }) => marker);
  const right = ({ place, text }: Arrival): number => credentialBytes(text, markersAt(place, true));
  const wrong = ({ place, text, headers }: Arrival): number => {
    const unaccounted = CREDENTIAL_FIELDS.flatMap((name) => headers.get(name) ?? []).filter(
      (value) =>
        credentialBytes(
          value,
          known.map(({ marker }) => marker),
        ) === 0,
    );
    return credentialBytes(text, markersAt(place, false)) + unaccounted.join("").length;
  };

  const first = arrivals.filter(({ step }) => step === 0);
  const later = arrivals.filter(({ step }) => step > 0);
  return {
    atHome: sum(first, right),
    bySubject: made.map((one) =>
      sum(first, ({ text }) =>
        credentialBytes(
          text,
          one.credentials.map(({ marker }) => marker),
        ),
      ),
    ),
    later: sum(
      later.filter(({ place }) => place === from),
      right,
    ),
    shared: sum(
      later.filter(({ place }) => place !== from),
      right,
    ),
    leaked: sum(arrivals, wrong),
    visits: later.map(({ place, step }) => `${step} ${place}`),
    outcome,
  };
}

/** What has to come of a cell; `undefined` where it did. */
export function faultOf({ subjects, journey, status }: Cell, measured: Measured): string | undefined {
  const { from, hops, redirect } = journey;
  const { leaked, bySubject, atHome, later, visits, outcome } = measured;
  if (leaked > 0) return `${leaked} bytes of credentials arrived where they don't belong`;

  // Otherwise nothing would be measured.
  const contended = new Set(subjects.map(({ slot }) => slot)).size < subjects.length;
  if (atHome === 0 || (!contended && bySubject.includes(0))) return "the credentials didn't arrive where they belong";

  const returns = hops.some(({ to }) => to !== from) && hops.at(-1)?.to === from;
  if (returns && later > 0 && !subjects.some(({ looksUp }) => looksUp)) return "credentials were sent on the return";

  const route = redirect ? [] : hops.map(({ to }, index) => `${index + 1} ${to}`);
  // At home a server may ask again; a challenge from elsewhere is not answered.
  const seen =
    returns || hops.some(({ to }) => to !== from) ? visits : visits.filter((visit, at) => visit !== visits[at - 1]);
  if (seen.join() !== route.join())
    return `the servers saw ${seen.join(", ") || "nobody"}, not ${route.join(", ") || "nobody"}`;

  const expected = redirect === "manual" ? String(status) : hops.at(-1)?.asks ? "401" : "200";
  const isRight = redirect === "error" ? outcome.endsWith("thrown") : outcome === expected;
  return isRight ? undefined : `the call ended with ${outcome}`;
}

function sum(arrivals: readonly Arrival[], bytes: (arrival: Arrival) => number): number {
  return arrivals.reduce((total, arrival) => total + bytes(arrival), 0);
}
