import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Site, startSite } from "./site/start-site.ts";
import { chapters } from "./tour/chapters.ts";
import { observe, wireOf } from "./tour/observe.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

describe.each(chapters)("$title", ({ sections }) => {
  it.each(sections)("$file: $title", async ({ run, wire, says }) => {
    const observation = await observe(run, site.origin);
    expect(observation.exchanges.map(wireOf)).toEqual(wire);
    expect(observation.says).toEqual(says);
  });

  it.each(sections)(
    "$file ends well a second time, too: nothing of the first is left behind",
    async ({ run, says }) => {
      await run(site.origin);
      expect((await observe(run, site.origin)).says).toEqual(says);
    },
  );
});
