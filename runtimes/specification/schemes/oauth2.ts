import { clientCredentials, OAuth2Error } from "@authflow/oauth2";
import type { Reply } from "../../site/behaviour.ts";
import type { Chapter } from "../case.ts";
import { failureOf, holds, same } from "../expect.ts";

const CLIENT = { clientId: "service", clientSecret: "s3cret" };
const REFUSAL = { status: 401, headers: { "WWW-Authenticate": 'Bearer realm="r", error="invalid_token"' } };

/** What a token endpoint gives (RFC 6749 §5.1). */
function granting(token: string): Reply {
  const body = JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: 3600 });
  return { headers: { "Content-Type": "application/json" }, body };
}

export const oauth2Chapter: Chapter = {
  promise: "OAuth 2, client credentials",
  cases: [
    {
      title: "gets a token before the first request, and sends it with each (RFC 6749 §4.4)",
      async run(at) {
        const [tokenEndpoint, url] = [await at.elsewhere(granting("t1")), await at.here()];
        const authFetch = clientCredentials({ tokenEndpoint, ...CLIENT })(fetch);
        await authFetch(url);
        await authFetch(url, { method: "POST", body: "b" });
        same(
          (await at.seen()).map(({ headers, text }) => [headers["authorization"], text]),
          [
            [`Basic ${btoa("service:s3cret")}`, "grant_type=client_credentials"],
            ["Bearer t1", ""],
            ["Bearer t1", "b"],
          ],
          "the requests",
        );
      },
    },
    {
      title: "gets one token for ten calls at a time, and one more when it is refused",
      async run(at) {
        const tokenEndpoint = await at.elsewhere(granting("t1"), granting("t2"));
        const url = await at.wanting("Bearer t2", REFUSAL);
        const authFetch = clientCredentials({ tokenEndpoint, ...CLIENT })(fetch);
        const calls = Array.from({ length: 10 }, async () => (await authFetch(url)).status);
        same([...new Set(await Promise.all(calls))], [200], "the kinds of responses");
        const seen = await at.seen();
        same(seen.filter(({ origin }) => origin === "elsewhere").length, 2, "the requests for tokens");
        same(seen.filter(({ origin }) => origin === "here").length, 20, "the requests of the calls");
      },
    },
    {
      title: "rejects with a typed error where the endpoint refuses the client, and nothing else is sent (§5.2)",
      async run(at) {
        const body = JSON.stringify({ error: "invalid_client" });
        const refusal = { status: 400, headers: { "Content-Type": "application/json" }, body };
        const [tokenEndpoint, url] = [await at.elsewhere(refusal), await at.here()];
        const error = await failureOf(clientCredentials({ tokenEndpoint, ...CLIENT })(fetch)(url));
        holds(error instanceof OAuth2Error, "it is an OAuth2Error");
        holds(!`${error.stack ?? ""}${JSON.stringify(error)}`.includes("s3cret"), "it doesn't show the secret");
        same((await at.seen()).filter(({ origin }) => origin === "here").length, 0, "the requests of the call");
      },
    },
  ],
};
