// An authorization server (RFC 6749) and two resources of it. It keeps nothing: somebody enters each code at once, and each
// login comes with the same tokens, of which the first access token has expired.
import type { ReceivedRequest, ServerReply } from "@authflow/testing/server";
import { json, type Page, unknown, welcome } from "./reply.ts";

const bearerOf = ({ headers }: ReceivedRequest): string | undefined =>
  /^Bearer (.+)$/.exec(headers.get("authorization") ?? "")?.[1];

const tokens = (accessToken: string, refreshToken?: string): ServerReply =>
  json(200, {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: 3600,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  });

/** What the token endpoint has for a form (§4.4.2, §6, RFC 8628 §3.4). */
function tokenReply({ text, headers }: ReceivedRequest): ServerReply {
  const form = new URLSearchParams(text);
  switch (form.get("grant_type")) {
    case "client_credentials":
      return headers.get("authorization") === `Basic ${btoa("service:service-secret")}`
        ? tokens("service-token")
        : json(401, { error: "invalid_client" });
    case "urn:ietf:params:oauth:grant-type:device_code":
      return form.get("device_code") === "device-1"
        ? tokens("access-2", "refresh-2")
        : json(400, { error: "invalid_grant" });
    case "refresh_token":
      return form.get("refresh_token") === "refresh-1"
        ? tokens("access-2", "refresh-2")
        : json(400, { error: "invalid_grant" });
    default:
      return json(400, { error: "unsupported_grant_type" });
  }
}

export const OAUTH_PAGES: Readonly<Record<string, Page>> = {
  "/oauth/.well-known/openid-configuration": ({ url }) => {
    const issuer = `${new URL(url).origin}/oauth`;
    return json(200, {
      issuer,
      token_endpoint: `${issuer}/token`,
      device_authorization_endpoint: `${issuer}/device`,
      revocation_endpoint: `${issuer}/revoke`,
    });
  },
  "/oauth/token": tokenReply,
  "/oauth/device": ({ url }) =>
    json(200, {
      device_code: "device-1",
      user_code: "WDJB-MJHT",
      verification_uri: `${new URL(url).origin}/oauth/code`,
      expires_in: 1800,
      interval: 0.01, // in seconds, where others have 5
    }),
  "/oauth/revoke": () => ({ status: 200 }),
  "/oauth/jobs": (request) =>
    bearerOf(request) === "service-token" ? welcome("the service") : unknown('Bearer error="invalid_token"'),
  "/oauth/me": (request) =>
    bearerOf(request) === "access-2" ? welcome("finley") : unknown('Bearer error="invalid_token"'),
};
