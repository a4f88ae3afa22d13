import { describe, expect, it } from "vitest";
import { chooseChallenge } from "./challenge.ts";
import { settingsOf } from "./options.ts";
import { begin, type Place, sessionFor } from "./place.ts";

const settings = settingsOf({ username: "user", password: "pass", cnonce: () => "cn" });
const challenge = (nonce: string) =>
  chooseChallenge(
    new Response(null, { headers: { "www-authenticate": `Digest realm="r", nonce="${nonce}", qop=auth` } }),
    settings.allowed,
  ) ?? expect.fail(nonce);
const message = { content: "" };

describe("what is known of an origin", () => {
  it("is of no use any more once the last count of a nonce is used (RFC 7616 §3.4: nc has eight digits)", () => {
    const place: Place = { sessions: [] };
    const session = begin(place, challenge("n0nce=="), [""], settings);
    session.count.value = 0xffff_fffe;
    expect(sessionFor(place, "/a")).toBe(session);
    expect(session.answer("GET", "/a", message).authorization).toContain("nc=ffffffff");
    expect(sessionFor(place, "/a")).toBeUndefined();
  });

  it("are 16 nonces at most", () => {
    const place: Place = { sessions: [] };
    const count = (nonce: string): number => {
      const session = begin(place, challenge(nonce), [""], settings);
      session.answer("GET", "/", message);
      return session.count.value;
    };
    for (let number = 0; number < 16; number++) expect(count(`n${number}`)).toBe(1);
    expect(count("n0")).toBe(2);
    expect(count("n16")).toBe(1); // for which n1 goes
    expect(count("n2")).toBe(2);
    expect(count("n1")).toBe(1);
    expect(place.sessions).toHaveLength(16);
  });
});
