import { credentialBytes } from "./credential-bytes.ts";
import { CHOSEN_BY_SERVER, type Journey } from "./journeys.ts";
import type { Arrival, Place } from "./places.ts";
import type { Credential, Made } from "./subject.ts";

/** Where the bytes of a call's credentials arrived. */
export interface Counted {
  /** At the origin of the call, before anybody was led anywhere. */
  readonly atHome: number;
  /** The same for each subject. */
  readonly bySubject: readonly number[];
  /** At the origin of the call on a later step, for each subject. */
  readonly later: readonly number[];
  /** Elsewhere, where they belong as well: the ports of a host in a netrc file, another route. */
  readonly shared: number;
  /** Where they don't belong. */
  readonly leaked: number;
  /** Who was asked for what behind the first step, in order. */
  readonly visits: readonly string[];
}

/** Header fields that are credentials whatever stands in them. */
const CREDENTIAL_FIELDS = ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-signature"];

/** Counts the bytes of credentials in what arrived. */
export function count(arrivals: readonly Arrival[], made: readonly Made[], { from }: Journey): Counted {
  // A digest proves a password without showing it: the proof is a credential, too.
  const proofs = arrivals.flatMap(({ place, text }) =>
    place === from ? Array.from(text.matchAll(/response="([\da-f]{32,})"/g), ([, proof = ""]) => proof) : [],
  );
  const known = [
    ...made.flatMap((one) => one.credentials),
    ...proofs.map((marker) => ({ marker, belongs: [from] })),
    { marker: CHOSEN_BY_SERVER, belongs: [] },
  ];
  const markers = markersOf(known);
  const markersAt = (place: Place, belonging: boolean): readonly string[] =>
    markersOf(known.filter(({ belongs = [from] }) => belongs.includes(place) === belonging));

  const right = ({ place, text }: Arrival): number => credentialBytes(text, markersAt(place, true));
  const wrong = ({ place, text, headers }: Arrival): number => {
    const fields = CREDENTIAL_FIELDS.flatMap((name) => headers.get(name) ?? []);
    const unknown = fields.filter((value) => credentialBytes(value, markers) === 0);
    return credentialBytes(text, markersAt(place, false)) + unknown.join("").length;
  };
  const of = ({ credentials }: Made, those: readonly Arrival[]): number =>
    sum(those, ({ text }) => credentialBytes(text, markersOf(credentials)));

  const first = arrivals.filter(({ step }) => step === 0);
  const later = arrivals.filter(({ step }) => step > 0);
  const [back, away] = [later.filter(({ place }) => place === from), later.filter(({ place }) => place !== from)];
  return {
    atHome: sum(first, right),
    bySubject: made.map((one) => of(one, first)),
    later: made.map((one) => of(one, back)),
    shared: sum(away, right),
    leaked: sum(arrivals, wrong),
    visits: later.map(({ place, step }) => `${step} ${place}`),
  };
}

function markersOf(credentials: readonly Credential[]): readonly string[] {
  return credentials.map(({ marker }) => marker);
}

function sum(arrivals: readonly Arrival[], bytes: (arrival: Arrival) => number): number {
  return arrivals.reduce((total, arrival) => total + bytes(arrival), 0);
}
