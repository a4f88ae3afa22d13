// `npm run soak`: calls of every kind against servers that fail in every way. Fails where a body was cut and looked whole,
// a call never settled, a generator was left, memory grew, or a credential went elsewhere.
//
//   npm run soak                                 10,000 calls, 60 seconds at most; 180 where CI is set
//   npm run soak -- --requests=500 --seed=7      fewer, and others
import { parseArgs } from "node:util";
import { tableOf } from "./report.ts";
import { soak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: process.env["CI"] ? "180" : "60" },
  },
});
const [requests, seed, seconds] = [Number(values.requests), Number(values.seed), Number(values.seconds)];
if (![requests, seed, seconds].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new RangeError("Give --requests, --seed and --seconds as whole numbers above 0.");
}

console.log(`${requests} calls, seed ${seed}, ${seconds} s at most`);
let told = performance.now();
const result = await soak({
  requests,
  seed,
  seconds,
  onProgress(done) {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    console.log(`  ${done} calls`);
  },
});
console.log(`\n${tableOf(result)}\n`);
for (const problem of result.problems) console.log(`✗ ${problem}`);
const calls =
  result.calls === requests ? `${requests} calls` : `${result.calls} of ${requests} calls, as far as the time went,`;
const failed = result.problems.length;
console.log(
  `${calls} in ${result.seconds.toFixed(1)} s, seed ${seed}: ${failed === 0 ? "nothing wrong" : `${failed} wrong`}`,
);
process.exitCode = failed > 0 ? 1 : 0;
