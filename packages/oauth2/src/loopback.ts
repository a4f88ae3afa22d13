export { loopback, type LoopbackOptions } from "./loopback/loopback.ts";
