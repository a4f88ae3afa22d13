// Which mutants are tried, of the thousands that there are: the same ones for the same seed, spread over packages and files.
import { oneOf, seeded, shuffled } from "../workspace/random.ts";
import type { Kind, Mutant } from "./mutants.ts";

/** Chooses mutants, as many of each group as of the others, and of as many files and kinds as there are. */
export function choose(groups: readonly (readonly Mutant[])[], count: number, seed: number): Mutant[] {
  const random = seeded(seed);
  return groups.flatMap((mutants, index) => {
    const share = Math.floor(count / groups.length) + (index < count % groups.length ? 1 : 0);
    return chooseFrom(mutants, share, random);
  });
}

function chooseFrom(mutants: readonly Mutant[], count: number, random: () => number): Mutant[] {
  const byFile = new Map<string, Mutant[]>();
  for (const mutant of mutants) byFile.set(mutant.path, [...(byFile.get(mutant.path) ?? []), mutant]);
  const left = shuffled([...byFile.values()], random);
  const chosen: Mutant[] = [];
  while (chosen.length < count && left.some((ofFile) => ofFile.length > 0)) {
    for (const ofFile of left) {
      if (chosen.length === count) break;
      if (ofFile.length === 0) continue;
      const kind = oneOf(kindsToChoose(ofFile, random), random);
      const mutant = oneOf(
        ofFile.filter((candidate) => candidate.kind === kind),
        random,
      );
      ofFile.splice(ofFile.indexOf(mutant), 1);
      chosen.push(mutant);
    }
  }
  return chosen;
}

/** Deleting a file says little, since an import that leads nowhere is seen at once: it is one in ten where there is a choice. */
function kindsToChoose(mutants: readonly Mutant[], random: () => number): Kind[] {
  const kinds = [...new Set(mutants.map(({ kind }) => kind))];
  return kinds.length > 1 && random() >= 0.1 ? kinds.filter((kind) => kind !== "file") : kinds;
}
