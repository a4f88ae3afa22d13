// What the site of the examples serves: a page for each way to prove who one is. Each says who it took the caller for.
import { createHmac } from "node:crypto";
import type { ReceivedRequest, ServerReply } from "@authflow/testing/server";
import { DIGEST_CHALLENGES, provesDigest } from "./digest-page.ts";
import { OAUTH_PAGES } from "./oauth-pages.ts";
import { json, type Page, unknown, welcome } from "./reply.ts";

/** The accounts of `/basic`; everybody has the same password, which is only the password of this site. */
const ACCOUNTS = ["username", "finley", "olivia"].map((user) => `${user}:secret`);

/** The site keeps nothing: who comes first or twice makes no difference. */
const PAGES: Readonly<Record<string, Page>> = {
  ...OAUTH_PAGES,

  "/basic": (request) => {
    const account = ACCOUNTS.find((known) => authorization(request) === `Basic ${btoa(known)}`);
    return account ? welcome(account.replace(/:.*/, "")) : unknown('Basic realm="authflow"');
  },

  "/digest": (request) =>
    provesDigest(request, "olivia", "secret") ? welcome("olivia") : unknown(...DIGEST_CHALLENGES),

  "/header": (request) =>
    request.headers.get("x-authentication") === "token-1" ? welcome("the owner of the token") : unknown("X-Token"),

  "/signature": (request) => {
    const signed = `${request.method} ${request.target} ${request.sha256}`;
    const signature = createHmac("sha256", "signing-key").update(signed).digest("hex");
    return request.headers.get("x-authentication") === signature
      ? welcome(`the signer of ${request.length} bytes`)
      : unknown("X-Signature");
  },

  // The first access token has expired; the refresh token that came with it is good for another one.
  "/expiring": (request) =>
    request.headers.get("x-authentication") === "access-2" ? welcome("the owner of the new token") : unknown("X-Token"),
  "/refresh": ({ text }) =>
    text === "refresh_token=refresh-1"
      ? json(200, { access_token: "access-2", refresh_token: "refresh-2" })
      : json(400, { error: "invalid_grant" }),

  "/locked": (request) =>
    authorization(request) === "Token token-2" ? welcome("the owner of the token") : unknown("Token"),
  "/token": ({ method }) => (method === "POST" ? json(200, { token: "token-2" }) : json(405, {}, { Allow: "POST" })),

  // Wants to know the user, and the program as well.
  "/both": (request) =>
    authorization(request) === `Basic ${btoa("finley:secret")}` && request.headers.get("x-api-key") === "key-1"
      ? welcome("finley, by the program with the key")
      : unknown('Basic realm="authflow"'),
};

/** Answers a request of the examples. */
export async function answer(request: ReceivedRequest): Promise<ServerReply> {
  await request.ended;
  return PAGES[new URL(request.url).pathname]?.(request) ?? json(404, { error: "There is no such page." });
}

function authorization({ headers }: ReceivedRequest): string | null {
  return headers.get("authorization");
}
