// The tour: HTTPX's authentication page, section by section, over the wire to a server of its own on this machine.
import { startSite } from "./site/start-site.ts";
import { chapters } from "./tour/chapters.ts";
import { styled } from "./tour/show.ts";
import { walkThrough } from "./tour/walk-through.ts";

// Whoever reads may have read enough: `npm start | head`.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));

await using site = await startSite();
console.log(`HTTPX's authentication page, by fetch. Each line below went over the wire to ${site.origin}.`);

const { sections, exchanges, misbehaved } = await walkThrough(chapters, site.origin, console.log);

console.log("");
if (misbehaved.length === 0) {
  console.log(styled("green", `${sections} sections, ${exchanges} exchanges, each as the page says.`));
} else {
  console.log(styled("red", `${misbehaved.length} of ${sections} sections misbehaved: ${misbehaved.join(", ")}.`));
  process.exitCode = 1;
}
