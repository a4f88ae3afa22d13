import { expect, test } from "vitest";
import type { Challenge } from "./index.ts";
import { parseChallenges, strongest } from "./index.ts";

const challenges = parseChallenges(
  'Basic realm="b", Digest realm="1", algorithm=MD5, Digest realm="2", algorithm=sha-256, Digest realm="3", algorithm=SHA-256',
);
const realm = (challenge: Challenge | undefined): string | undefined => challenge?.params.get("realm");

test("chooses by the caller's order, not by the server's (RFC 9110 §11.6.1)", () => {
  expect(realm(strongest(challenges, ["digest", "basic"]))).toBe("1");
  expect(realm(strongest(challenges, ["basic", "digest"]))).toBe("b");
});

test("chooses the first that the server named among equals", () => {
  const algorithm = ({ params }: Challenge): string | undefined => params.get("algorithm");
  expect(realm(strongest(challenges, ["SHA-512-256", "SHA-256", "MD5"], algorithm))).toBe("2");
  expect(realm(strongest(challenges.toReversed(), ["SHA-512-256", "SHA-256", "MD5"], algorithm))).toBe("3");
});

test("tells no letter case apart", () => {
  expect(realm(strongest(challenges, ["DIGEST"]))).toBe("1");
  expect(realm(strongest(challenges, ["sha-256"], ({ params }) => params.get("algorithm")))).toBe("2");
});

test("never chooses what is not in the order or what the caller passes over", () => {
  expect(strongest(challenges, ["negotiate"])).toBeUndefined();
  expect(strongest(challenges, [])).toBeUndefined();
  expect(strongest([], ["basic"])).toBeUndefined();
  expect(strongest(challenges, ["undefined", ""], ({ token68 }) => token68)).toBeUndefined();
});
