// HTTPX's page in its order, and what isn't on it: fetches that are somebody else's, and OAuth 2.
import * as basic from "../basic.ts";
import * as client from "../client.ts";
import * as composed from "../composed.ts";
import * as customFunction from "../custom-function.ts";
import * as customLock from "../custom-lock.ts";
import * as customOneSided from "../custom-one-sided.ts";
import * as customOneYield from "../custom-one-yield.ts";
import * as customRequestBody from "../custom-request-body.ts";
import * as customResponseBody from "../custom-response-body.ts";
import * as customTwoYields from "../custom-two-yields.ts";
import * as digest from "../digest.ts";
import * as globalFetch from "../global-fetch.ts";
import * as kyAuth from "../ky-auth.ts";
import * as kyHooks from "../ky-hooks.ts";
import * as netrcDefaultFile from "../netrc-default-file.ts";
import * as netrcExplicitPath from "../netrc-explicit-path.ts";
import * as netrcVariable from "../netrc-variable.ts";
import * as oauth2ClientCredentials from "../oauth2-client-credentials.ts";
import * as oauth2DeviceFile from "../oauth2-device-file.ts";
import * as oauth2KyRefresh from "../oauth2-ky-refresh.ts";
import * as perRequest from "../per-request.ts";
import type { Chapter } from "./example.ts";

export const chapters: readonly Chapter[] = [
  {
    title: "Authentication",
    sections: [
      {
        title: "Credentials with one request",
        file: "per-request.ts",
        run: perRequest.run,
        wire: ["GET /basic 200 authorization"],
        says: ["username"],
      },
      {
        title: "Credentials with all requests of a client",
        file: "client.ts",
        run: client.run,
        wire: ["GET /basic 200 authorization", "GET /basic 200 authorization"],
        says: ["username", "username"],
      },
    ],
  },
  {
    title: "Basic authentication",
    sections: [
      {
        title: "A username and a password",
        file: "basic.ts",
        run: basic.run,
        wire: ["GET /basic 200 authorization"],
        says: ["finley"],
      },
    ],
  },
  {
    title: "Digest authentication",
    sections: [
      {
        title: "A password that is not sent: asked the first time, known the second",
        file: "digest.ts",
        run: digest.run,
        wire: ["GET /digest 401", "GET /digest 200 authorization", "GET /digest 200 authorization"],
        says: ["olivia", "olivia"],
      },
    ],
  },
  {
    title: "NetRC authentication",
    sections: [
      {
        title: "The file in the home directory",
        file: "netrc-default-file.ts",
        run: netrcDefaultFile.run,
        wire: ["GET /basic 200 authorization"],
        says: ["finley"],
      },
      {
        title: "A file named by its path",
        file: "netrc-explicit-path.ts",
        run: netrcExplicitPath.run,
        wire: ["GET /basic 200 authorization"],
        says: ["olivia"],
      },
      {
        title: "The file that NETRC names, or else the one in the home directory",
        file: "netrc-variable.ts",
        run: netrcVariable.run,
        wire: ["GET /basic 200 authorization", "GET /basic 200 authorization"],
        says: ["olivia", "finley"],
      },
    ],
  },
  {
    title: "Custom authentication schemes",
    sections: [
      {
        title: "A function that returns the request",
        file: "custom-function.ts",
        run: customFunction.run,
        wire: ["GET /header 200 x-authentication"],
        says: ["the owner of the token"],
      },
      {
        title: "A flow that yields once",
        file: "custom-one-yield.ts",
        run: customOneYield.run,
        wire: ["GET /header 200 x-authentication"],
        says: ["the owner of the token"],
      },
      {
        title: "A flow that answers a 401",
        file: "custom-two-yields.ts",
        run: customTwoYields.run,
        wire: ["POST /header 401", "POST /header 200 x-authentication"],
        says: ["the owner of the token"],
      },
      {
        title: "A flow that signs the body of the request",
        file: "custom-request-body.ts",
        run: customRequestBody.run,
        wire: ["POST /signature?page=1 401", "POST /signature?page=1 200 x-authentication"],
        says: ["the signer of 11 bytes"],
      },
      {
        title: "A flow that reads the body of a response, to renew its tokens",
        file: "custom-response-body.ts",
        run: customResponseBody.run,
        wire: ["GET /expiring 401 x-authentication", "POST /refresh 200 (own)", "GET /expiring 200 x-authentication"],
        says: ["the owner of the new token"],
      },
      {
        title: "Flows that wait, and flows that block: three calls share one token",
        file: "custom-lock.ts",
        run: customLock.run,
        wire: [
          "POST /token 200 (own)",
          "GET /locked?page=1 200 authorization",
          "GET /locked?page=2 200 authorization",
          "GET /locked?page=3 200 authorization",
          "POST /token 200 (own)",
          "GET /locked 200 authorization",
        ],
        says: ["the owner of the token", "the owner of the token", "the owner of the token", "the owner of the token"],
      },
      {
        title: "A flow of one kind only",
        file: "custom-one-sided.ts",
        run: customOneSided.run,
        wire: ["GET /locked 200 authorization"],
        says: ["the owner of the token", "ERR_AUTHFLOW_FLOW_KIND"],
      },
    ],
  },
  {
    title: "Around other fetches",
    sections: [
      {
        title: "Several schemes around one fetch",
        file: "composed.ts",
        run: composed.run,
        wire: ["GET /both 200 authorization x-api-key"],
        says: ["finley, by the program with the key"],
      },
      {
        title: "The global fetch",
        file: "global-fetch.ts",
        run: globalFetch.run,
        wire: ["GET /basic 200 authorization"],
        says: ["finley"],
      },
      {
        title: "ky, by way of its fetch",
        file: "ky-auth.ts",
        run: kyAuth.run,
        wire: ["GET /basic 200 authorization"],
        says: ["finley"],
      },
      {
        title: "ky, by way of a hook",
        file: "ky-hooks.ts",
        run: kyHooks.run,
        wire: ["GET /basic 401", "GET /basic 200 authorization"],
        says: ["finley"],
      },
    ],
  },
  {
    title: "OAuth 2",
    sections: [
      {
        title: "A service, by client credentials: one token for two calls",
        file: "oauth2-client-credentials.ts",
        run: oauth2ClientCredentials.run,
        wire: [
          "GET /oauth/.well-known/openid-configuration 200 (own)",
          "POST /oauth/token 200 (own)",
          "GET /oauth/jobs?page=1 200 authorization",
          "GET /oauth/jobs?page=2 200 authorization",
        ],
        says: ["the service", "the service"],
      },
      {
        title: "A command-line program: a login with another device, and its tokens in a file",
        file: "oauth2-device-file.ts",
        run: oauth2DeviceFile.run,
        wire: [
          "GET /oauth/.well-known/openid-configuration 200 (own)",
          "POST /oauth/device 200 (own)",
          "POST /oauth/token 200 (own)",
          "GET /oauth/me 200 authorization",
          "GET /oauth/me 200 authorization",
        ],
        says: ["finley", "finley"],
      },
      {
        title: "ky, with the tokens of a login: refused, refreshed, and sent again",
        file: "oauth2-ky-refresh.ts",
        run: oauth2KyRefresh.run,
        wire: [
          "GET /oauth/me 401 authorization",
          "POST /oauth/token 200 (own)",
          "GET /oauth/me 200 authorization",
          "GET /oauth/me 200 authorization",
        ],
        says: ["finley", "finley"],
      },
    ],
  },
];
