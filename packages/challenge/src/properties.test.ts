import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Challenge } from "./index.ts";
import { formatAuthenticationInfo, formatChallenge, parseAuthenticationInfo, parseChallenges } from "./index.ts";

const characters = (allowed: string): fc.Arbitrary<string> => fc.constantFrom(...allowed.split(""));
const tokens = fc.string({ unit: characters("!#$%&'*+-.^_`|~0123456789abcxyz"), minLength: 1, maxLength: 8 });
const octets = fc
  .string({
    unit: fc.oneof(
      characters('",;=\\ \ta\u00a0'),
      fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    ),
    maxLength: 12,
  })
  .map((text) => text.replaceAll("\u007f", ""));
const parameters = fc.array(fc.tuple(tokens, octets), { maxLength: 5 }).map((pairs) => new Map(pairs));
const token68s = fc
  .tuple(fc.string({ unit: characters("azAZ09-._~+/"), minLength: 1 }), fc.nat(2))
  .map(([text, padding]) => text + "=".repeat(padding));
const challenges: fc.Arbitrary<Challenge> = fc.oneof(
  fc.tuple(tokens, parameters).map(([scheme, params]) => ({ scheme, params, token68: undefined })),
  fc.tuple(tokens, token68s).map(([scheme, token68]) => ({ scheme, params: new Map<string, string>(), token68 })),
);

/** Header text as a careless or hostile server would put it together. */
const mess = fc
  .array(
    fc.oneof(
      fc.constantFrom("Basic ", "realm=", '"', "\\", ",", " ", "=", ";", "\t", "a", '\\"', "\u0000"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));

test("parse(format(x)) = x, in any list and whichever values go without quotes", () => {
  fc.assert(
    fc.property(fc.array(challenges), fc.boolean(), (list, bare) => {
      const names = bare ? list.flatMap(({ params }) => [...params.keys()]) : [];
      const text = list.map((challenge) => formatChallenge({ ...challenge, tokens: names })).join(", ");
      expect(parseChallenges(text)).toEqual(list);
    }),
  );
});

test("parse(format(x)) = x for Authentication-Info", () => {
  fc.assert(
    fc.property(parameters, (params) => {
      expect(parseAuthenticationInfo(formatAuthenticationInfo(params))).toEqual(params);
    }),
  );
});

test("format(parse(x)) can be written for any text whatever, and neither throws", () => {
  fc.assert(
    fc.property(mess, (text) => {
      const list = parseChallenges(text);
      expect(parseChallenges(list.map((challenge) => formatChallenge(challenge)).join(", "))).toEqual(list);
      parseAuthenticationInfo(text);
    }),
  );
});

test("headers say the same as their value", () => {
  fc.assert(
    fc.property(fc.array(fc.array(challenges, { minLength: 1 }), { minLength: 1 }), (lines) => {
      const headers = new Headers();
      for (const line of lines) {
        headers.append("www-authenticate", line.map((challenge) => formatChallenge(challenge)).join(" ,\t"));
      }
      expect(parseChallenges(headers)).toEqual(lines.flat());
    }),
  );
});

test("a well-formed challenge is found behind any text that opens no quote", () => {
  fc.assert(
    fc.property(mess, challenges, (text, challenge) => {
      const found = parseChallenges(`${text.replaceAll('"', "")}, ${formatChallenge(challenge)}`);
      expect(found.at(-1)).toEqual(challenge);
    }),
  );
});
