import type { Chapter } from "../case.ts";
import { holds, same } from "../expect.ts";
import type { Place } from "../place.ts";

export const packedChapter: Chapter = {
  promise: "The tarballs, installed",
  cases: [
    {
      title: "each entry is found under the runtime's conditions, and exports what its source does",
      run: (at) => eachExports(at),
    },
    {
      title: "require gives the same values as import",
      needs: "required modules",
      async run({ installed: { entries, load, require } }) {
        for (const [name, values] of entries) {
          const [imported, required] = [await load(name), require?.(name)];
          for (const value of values)
            holds(required?.[value] === imported[value], `${value} of ${name} is one and the same`);
        }
      },
      without: {
        title: "each entry can be loaded again, and is the same",
        async run({ installed: { entries, load } }) {
          for (const [name] of entries) same((await load(name)) === (await load(name)), true, name);
        },
      },
    },
  ],
};

async function eachExports({ installed: { entries, load } }: Place): Promise<void> {
  holds(entries.length > 5, "there are entries");
  for (const [name, values] of entries) {
    const found = Object.keys(await load(name)).filter((value) => value !== "default" && value !== "module.exports");
    same(found.toSorted(), values.toSorted(), `the exports of ${name}`);
  }
}
