// Tells the processor time of a call (microseconds, of all threads), of one way to authenticate or of the same by hand,
// in a process that does nothing else: so all the garbage that is collected here is its own.
import { comparedAs } from "../groups/all-compared.ts";
import { MockNext } from "../groups/mock-next.ts";
import { tell } from "./child.ts";

const [name, side, calls] = process.argv.slice(2);
const compared = comparedAs(name);
const next = new MockNext();
const call = side === "by hand" ? compared.byHand(next) : await compared.make(next);

await repeat(20_000); // so that everything is compiled
const before = process.cpuUsage();
await repeat(Number(calls));
const { user, system } = process.cpuUsage(before);
tell((user + system) / Number(calls));
process.disconnect();

async function repeat(times: number): Promise<void> {
  for (let done = 0; done < times; done++) await call();
}
