// What a flow may wait for, beside its requests.
export { type SingleFlight, singleFlight } from "./waiting/single-flight.ts";
export { waitFor, type WaitLimits } from "./waiting/wait-for.ts";
