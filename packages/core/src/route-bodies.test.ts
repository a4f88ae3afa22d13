import { basic } from "@authflow/basic";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, test } from "vitest";
import { routes } from "./index.ts";

const asked = { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
const ACCOUNT = { username: "finley", password: "secret" };
const upload = (): RequestInit =>
  ({ method: "PUT", body: new Blob(["a stream of ", "text"]).stream(), duplex: "half" }) as RequestInit; // which Node asks for

describe("a stream on a route", () => {
  test("is sent again whole where the scheme of the route sends a second time", async () => {
    const fetch = scriptedFetch([
      { expect: { authorization: null, body: "a stream of text" }, reply: asked },
      { expect: { authorization: /^Basic /, body: "a stream of text" }, reply: { status: 201 } },
    ]);
    const scheme = basic({ ...ACCOUNT, preemptive: false });
    const authFetch = routes([{ match: "https://example.com/", auth: scheme }])(fetch);
    expect((await authFetch("https://example.com/a", upload())).status).toBe(201);
    fetch.done();
  });

  test("is not recorded where every scheme sends once: a 307 would need it again", async () => {
    const fetch = scriptedFetch([
      { expect: { body: "a stream of text" }, reply: { status: 307, headers: { location: "/b" } } },
    ]);
    const authFetch = routes([{ match: "https://example.com/", auth: basic(ACCOUNT) }])(fetch);
    await expect(authFetch("https://example.com/a", upload())).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE",
    });
    fetch.done();
  });
});
