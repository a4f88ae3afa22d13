// What a flow may wait for, beside its requests.
export { type SingleFlight, singleFlight } from "./single-flight.ts";
export { waitFor, type WaitLimits } from "./wait-for.ts";
