import { tokenServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { clientCredentials } from "./index.ts";

const CLIENT = { id: "service", secret: "s3cret" };
const OPTIONS = { clientId: CLIENT.id, clientSecret: CLIENT.secret };

describe("clientCredentials (RFC 6749 §4.4)", () => {
  it("gets a token before the first request, and sends it with each", async () => {
    await using server = await tokenServer({ client: CLIENT });
    const authFetch = clientCredentials({ tokenEndpoint: server.tokenUrl, ...OPTIONS })(fetch);
    expect((await authFetch(server.url("/a"))).status).toBe(200);
    expect((await authFetch(server.url("/b"))).status).toBe(200);
    expect(server.requests.map(({ target, headers }) => [target, headers.get("authorization")])).toEqual([
      ["/token", `Basic ${btoa("service:s3cret")}`],
      ["/a", "Bearer access-1"],
      ["/b", "Bearer access-1"],
    ]);
    expect(server.requests[0]?.text).toBe("grant_type=client_credentials");
  });
});
