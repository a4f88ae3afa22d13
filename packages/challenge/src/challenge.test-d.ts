import { expectTypeOf, test } from "vitest";
import type { AuthParams, Challenge, Credentials } from "./index.ts";
import { formatChallenge, formatCredentials, parseAuthenticationInfo, parseChallenges, strongest } from "./index.ts";

test("types", () => {
  expectTypeOf(parseChallenges("")).toEqualTypeOf<Challenge[]>();
  expectTypeOf(parseChallenges(new Headers(), "proxy-authenticate")).toEqualTypeOf<Challenge[]>();
  expectTypeOf(parseChallenges(new Headers().get("www-authenticate"))).toEqualTypeOf<Challenge[]>();
  expectTypeOf<Challenge["params"]>().toEqualTypeOf<ReadonlyMap<string, string>>();
  expectTypeOf<Challenge["token68"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Credentials>().toEqualTypeOf<Challenge>();
  expectTypeOf(parseAuthenticationInfo("")).toEqualTypeOf<ReadonlyMap<string, string>>();
  expectTypeOf(strongest(parseChallenges(""), ["digest"])).toEqualTypeOf<Challenge | undefined>();

  // What was parsed can be written, also by map.
  expectTypeOf(parseChallenges("").map(formatChallenge)).toEqualTypeOf<string[]>();
  expectTypeOf(Object.entries({ realm: "x" })).toExtend<AuthParams>();

  // @ts-expect-error a field that holds no challenges
  parseChallenges(new Headers(), "set-cookie");
  // @ts-expect-error parameters are pairs, since their order and repetition matter to servers
  formatCredentials({ scheme: "Digest", params: { realm: "x" } });
  // @ts-expect-error a scheme is demanded
  formatCredentials({ params: [] });
});
