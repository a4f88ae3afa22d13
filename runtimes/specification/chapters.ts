// The rows of the table, in its order.
import { ABILITIES } from "./abilities.ts";
import type { Chapter } from "./case.ts";
import { same } from "./expect.ts";
import { abort } from "./promises/abort.ts";
import { bodies } from "./promises/bodies.ts";
import { history } from "./promises/history.ts";
import { lifetime } from "./promises/lifetime.ts";
import { redirects } from "./promises/redirects.ts";
import { responses } from "./promises/responses.ts";
import { retries } from "./promises/retries.ts";
import { secrets } from "./promises/secrets.ts";
import { shape } from "./promises/shape.ts";
import { steps } from "./promises/steps.ts";
import { untouched } from "./promises/untouched.ts";
import { apiKeyChapter } from "./schemes/api-key.ts";
import { basicChapter } from "./schemes/basic.ts";
import { bearerChapter } from "./schemes/bearer.ts";
import { routesChapter } from "./schemes/composition.ts";
import { digestChapter } from "./schemes/digest.ts";
import { hashChapter } from "./schemes/hash.ts";
import { netrcChapter } from "./schemes/netrc.ts";
import { oauth2Chapter } from "./schemes/oauth2.ts";
import { packedChapter } from "./schemes/packed.ts";

/** That the platform is what the list of runtimes says of it: where it gains an ability, its gap has to go. */
const platform: Chapter = {
  promise: "The platform is as listed",
  cases: Object.entries(ABILITIES).map(([ability, { isThere }]) => ({
    title: ability,
    needs: ability as keyof typeof ABILITIES, // its own key
    run: async (at) => same(await isThere(at), true, ability),
    without: {
      title: "tried out, and not there",
      run: async (at) => same(await isThere(at), false, ability),
    },
  })),
};

export const chapters: readonly Chapter[] = [
  platform,
  steps,
  lifetime,
  untouched,
  shape,
  bodies,
  responses,
  history,
  abort,
  redirects,
  retries,
  secrets,
  basicChapter,
  bearerChapter,
  apiKeyChapter,
  digestChapter,
  netrcChapter,
  oauth2Chapter,
  routesChapter,
  hashChapter,
  packedChapter,
];
