// Times one way to authenticate in turn with the same by hand, in a process in which nothing else has run: most programs
// have one scheme, and V8 compiles for what it has seen.
import { comparedAs } from "../groups/all-compared.ts";
import { MockNext } from "../groups/mock-next.ts";
import { interleave } from "../measure/interleave.ts";
import { tell } from "./child.ts";

/** Short rounds are seldom interrupted. */
const CALLS = 100;

const [name, rounds] = process.argv.slice(2);
const compared = comparedAs(name);
const next = new MockNext();
const cases = [
  { name: compared.name, run: await compared.make(next) },
  { name: "by hand", run: compared.byHand(next) },
];
tell(await interleave(cases, { rounds: Number(rounds), warmUp: 300, calls: CALLS }));
process.disconnect();
