import type { ServerReply } from "@authflow/testing/server";
import { count, type Counted } from "./count.ts";
import type { Journey } from "./journeys.ts";
import type { Cell } from "./matrix.ts";
import type { Arrival, Place, Places } from "./places.ts";
import { reply } from "./reply.ts";
import type { Made } from "./subject.ts";

/** What came of a call. */
export interface Measured extends Counted {
  /** The status that the caller got, or what the call rejected with. */
  readonly outcome: string;
}

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
  return { ...count(arrivals, made, journey), outcome };
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
