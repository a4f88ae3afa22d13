import { historyOf } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { digestServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { answerIn, asks } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USER = { username: "finley", password: "secret" };
const upload = (text: string): RequestInit =>
  ({
    method: "PUT",
    body: new Blob([text]).stream(),
    duplex: "half",
    headers: { "content-type": "text/x-test", "content-language": "en", "if-match": '"1"', "x-a": "1" },
  }) as RequestInit;

describe.each(["head", "empty"] as const)("probe: %s", (probe) => {
  const method = probe === "head" ? "HEAD" : "PUT";

  it("asks for the challenge before the body goes out, which then goes out once", async () => {
    await using server = await digestServer();
    const response = await digest({ ...USER, probe })(fetch)(server.url("/file?a=b"), upload("hello"));
    expect(response.status).toBe(200);
    expect(server.requests.map((one) => [one.method, one.target, one.text])).toEqual([
      [method, "/file?a=b", ""],
      ["PUT", "/file?a=b", "hello"],
    ]);
    expect(historyOf(response)).toHaveLength(1);
  });

  it("has the caller's headers, but for those that describe the body", async () => {
    const fetch = scriptedFetch([{ reply: asks() }, { reply: {} }]);
    await digest({ ...USER, probe })(fetch)("https://example.com/file", upload("hello"));
    const [asked, sent] = fetch.calls.map(({ headers }) => Object.fromEntries(headers));
    expect(asked).toEqual({ "if-match": '"1"', "x-a": "1" });
    expect(sent).toMatchObject({ "content-type": "text/x-test", "content-language": "en", "if-match": '"1"' });
  });

  it("asks once: what is known is not asked for again", async () => {
    await using server = await digestServer();
    const authFetch = digest({ ...USER, probe })(fetch);
    for (const text of ["one", "two", "three"]) expect((await authFetch(server.url(), upload(text))).status).toBe(200);
    expect(server.requests.map(({ text }) => text)).toEqual(["", "one", "two", "three"]);
  });

  it("lets a stream through that is longer than what is recorded", async () => {
    await using server = await digestServer();
    const authFetch = digest({ ...USER, probe })(fetch, { replayLimit: 1000 });
    const long = "x".repeat(100_000);
    expect((await authFetch(server.url(), upload(long))).status).toBe(200);
    expect(server.requests.map(({ length }) => length)).toEqual([0, long.length]);
  });

  it("is left out for GET and HEAD", async () => {
    await using server = await digestServer();
    for (const one of ["GET", "HEAD"]) await digest({ ...USER, probe })(fetch)(server.url(), { method: one });
    expect(server.requests.map((one) => one.method)).toEqual(["GET", "GET", "HEAD", "HEAD"]);
  });

  it.each([200, 204, 404, 405, 500])("sends the request after a probe that is answered %i", async (status) => {
    const fetch = scriptedFetch([
      { expect: { authorization: null, body: "" }, reply: { status } },
      { expect: { authorization: null, body: "hello" }, reply: asks() },
      { expect: { body: "hello" }, reply: { status: 201 } },
    ]);
    const response = await digest({ ...USER, probe })(fetch)("https://example.com/file", upload("hello"));
    fetch.done();
    expect(response.status).toBe(201);
    expect(answerIn(fetch.calls[2])).toMatchObject({ nc: "00000001" });
  });

  it("follows no redirect of the probe", async () => {
    const fetch = scriptedFetch([
      { expect: { path: "/file" }, reply: { status: 307, headers: { location: "/elsewhere" } } },
      { expect: { path: "/file", body: "hello" }, reply: { status: 201 } },
    ]);
    const response = await digest({ ...USER, probe })(fetch)("https://example.com/file", upload("hello"));
    fetch.done();
    expect(response.status).toBe(201);
  });

  it("gives the 401 back if the answer is refused, without another try", async () => {
    await using server = await digestServer();
    const response = await digest({ ...USER, password: "wrong", probe })(fetch)(server.url(), upload("hello"));
    expect([response.status, server.requests.length]).toEqual([401, 2]);
  });

  it("reads the body for auth-int, and digests it", async () => {
    await using server = await digestServer({ qop: "auth-int" });
    expect((await digest({ ...USER, probe })(fetch)(server.url(), upload("hello"))).status).toBe(200);
    expect(server.verdicts.map(({ reason }) => reason)).toEqual(["no credentials", "accepted"]);
  });

  it("lets others go on in a cold burst as soon as it is answered", async () => {
    await using server = await digestServer({ counts: "unseen" });
    const authFetch = digest({ ...USER, probe })(fetch);
    const responses = await Promise.all(["a", "b", "c"].map((text) => authFetch(server.url(), upload(text))));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(server.requests).toHaveLength(4);
    expect(server.requests.map(({ text }) => text).toSorted()).toEqual(["", "a", "b", "c"]);
  });
});

describe("without a probe", () => {
  it("the body goes out with the first request", async () => {
    await using server = await digestServer();
    await digest(USER)(fetch)(server.url(), upload("hello"));
    expect(server.requests.map(({ text }) => text)).toEqual(["hello", "hello"]);
  });
});
