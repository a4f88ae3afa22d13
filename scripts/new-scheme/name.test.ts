import { describe, expect, it } from "vitest";
import { namesOf, refusalOf } from "./name.ts";
import { wordsOfTemplate } from "./template.ts";

const existing = ["basic", "netrc"];
const words = wordsOfTemplate();

describe("the name of a scheme", () => {
  it.each(["ticket", "client-cert", "oauth1", "hawk", "x509-proof", "token-of-mine"])("may be %s", (name) => {
    expect(refusalOf(name, existing, words)).toBeUndefined();
  });

  it.each([
    [undefined, "has a name"],
    ["", "has a name"],
    ["Ticket", "small letters"],
    ["my_ticket", "small letters"],
    ["-ticket", "small letters"],
    ["ticket-", "small letters"],
    ["client--cert", "small letters"],
    ["2fa", "small letters"],
    ["../ticket", "small letters"],
    ["@authflow/ticket", "small letters"],
    ["tïcket", "small letters"],
    ["x".repeat(41), "small letters"],
    ["basic", "packages/basic is there already"],
    ["utils", "says nothing about what is inside"],
    ["class", "a word of the language"],
    ["import", "a word of the language"],
    ["await", "a word of the language"],
    ["walk", "has a meaning already"],
    ["token", "has a meaning already"],
    ["echo", "has a meaning already"],
    ["define-scheme", "has a meaning already"],
    ["fetch", "has a meaning already"],
    ["structured-clone", "has a meaning already"],
  ])("may not be %s, and a sentence says why", (name, sentence) => {
    expect(refusalOf(name, existing, words)).toContain(sentence);
    expect(refusalOf(name, existing, words)).toMatch(/\.$/);
  });

  it("names the folder, the factory, the types and the codes", () => {
    expect(namesOf("client-cert")).toEqual({
      folder: "client-cert",
      factory: "clientCert",
      type: "ClientCert",
      code: "CLIENT_CERT",
    });
  });
});
