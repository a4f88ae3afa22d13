// `npm run test:runtimes`: one specification on every runtime, as a table. Ends with `N passed, N failed`.
//
//   npm run test:runtimes                  all of them
//   npm run test:runtimes -- Deno Bun      only these
//   npm run test:runtimes -- --write       writes the table to docs/runtimes.md
import { linkPackages } from "./setup.ts";

try {
  linkPackages();
  // Only now, since all of it imports them.
  const { main } = await import("./machinery/main.ts");
  await main(process.argv.slice(2));
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
