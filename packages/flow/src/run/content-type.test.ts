// A Content-Type that the platform derived never travels without the body it was derived from.
import { describe, expect, it } from "vitest";
import { type AuthScheme, runFlow } from "../index.ts";

const CALL = "https://example.com/";
const FORM = "application/x-www-form-urlencoded;charset=UTF-8";
const TEXT = "text/plain;charset=UTF-8";

/** A fetch that keeps what the platform makes of its arguments. */
function recorder(answer: (request: Request, index: number) => Response = () => new Response("ok")) {
  const sent: Request[] = [];
  const next = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    sent.push(request);
    return answer(request, sent.length - 1);
  };
  return { next, sent, types: () => sent.map(({ headers }) => headers.get("content-type")) };
}

const twice: AuthScheme = {
  name: "twice",
  *authFlow(request) {
    yield request;
    yield request;
  },
};

const plain = flow("plain", function* (request) {
  yield request;
});

function redirectsOnce(status: number): (request: Request, index: number) => Response {
  return (_, index) => (index === 0 ? new Response(null, { status, headers: { location: "/there" } }) : new Response());
}

function flow(name: string, authFlow: AuthScheme["authFlow"]): AuthScheme {
  return { name, ...(authFlow && { authFlow }) };
}

describe("the Content-Type of a body", () => {
  it("that the caller gave stays as it is, each time that the body is sent", async () => {
    for (const body of [
      "{}",
      new Blob(["{}"], { type: "text/x-test" }),
      new URLSearchParams("a=b"),
      new Uint8Array(2),
    ]) {
      const { next, types } = recorder();
      await runFlow(twice, next)(CALL, { method: "POST", body, headers: { "content-type": "application/json" } });
      expect(types()).toEqual(["application/json", "application/json"]);
    }
  });

  it("that the caller gave with a Request stays as it is, too", async () => {
    const { next, types } = recorder();
    const request = new Request(CALL, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    await runFlow(twice, next)(request);
    expect(types()).toEqual(["application/json", "application/json"]);
  });

  it("is there for the flow to sign before anything is sent, boundary included", async () => {
    const { next, types } = recorder();
    const seen: (string | null)[] = [];
    const signs = flow("signs", function* (request) {
      seen.push(request.headers.get("content-type"));
      yield request;
    });
    const form = new FormData();
    form.append("a", "b");

    for (const body of ["text", new URLSearchParams("a=b"), form, Uint8Array.of(1)]) {
      await runFlow(signs, next)(CALL, { method: "POST", body });
    }

    expect(seen).toEqual([TEXT, FORM, expect.stringMatching(/^multipart\/form-data; boundary=\S+$/), null]);
    expect(types()).toEqual(seen);
  });

  it("has one boundary for all sends of a form, and it is the one in the bytes", async () => {
    const { next, sent, types } = recorder();
    const form = new FormData();
    form.append("a", "b");

    await runFlow(twice, next)(CALL, { method: "POST", body: form });

    const [first, second] = types();
    expect(second).toBe(first);
    const boundary = first?.split("boundary=")[1];
    for (const request of sent) expect((await request.text()).split("\r\n")[0]).toBe(`--${boundary}`);
  });

  it("is the platform's own for a form that is sent once", async () => {
    const { next, sent } = recorder();
    const form = new FormData();
    form.append("a", "b");

    await runFlow({ ...plain, sendsOnce: true }, next)(CALL, { method: "POST", body: form });

    expect([...((await sent[0]?.formData()) ?? [])]).toEqual([["a", "b"]]);
  });

  it("does not go along with a side request", async () => {
    const { next, types } = recorder();
    const refreshes = flow("refreshes", function* (request) {
      yield new Request("https://example.com/token");
      yield new Request("https://example.com/token", { method: "POST", body: new Blob(["no type"]) });
      yield request;
    });
    await runFlow(refreshes, next)(CALL, { method: "POST", body: "text" });
    expect(types()).toEqual([null, null, TEXT]);
  });

  it("does not go along with a fresh Request that has no body", async () => {
    const { next, types, sent } = recorder();
    const renews = flow("renews", function* (request) {
      yield request;
      yield new Request(request.url);
    });
    await runFlow(renews, next)(CALL, { method: "POST", body: "text" });
    expect(types()).toEqual([TEXT, null]);
    expect(await sent[1]?.text()).toBe("");
  });

  it.each([
    { of: "another text", body: "other" },
    { of: "a form", body: new URLSearchParams("a=b") },
    { of: "a blob", body: new Blob(["x"], { type: "image/png" }) },
    { of: "bytes", body: Uint8Array.of(1) },
  ])(
    "is taken off a request that a flow derives with $of instead, whose type nobody can tell then",
    async ({ body }) => {
      const { next, types } = recorder();
      const replaces = flow("replaces", function* (request) {
        yield request;
        yield new Request(request, { method: "POST", body });
      });
      await runFlow(replaces, next)(CALL, { method: "POST", body: new Blob(["first"], { type: "text/x-first" }) });
      expect(types()[0]).toBe("text/x-first");
      expect(types()[1]).not.toBe("text/x-first");
    },
  );

  it("that a flow sets for a body of its own stays", async () => {
    const { next, types } = recorder();
    const replaces = flow("replaces", function* (request) {
      yield new Request(request, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    });
    await runFlow(replaces, next)(CALL, { method: "POST", body: "text" });
    expect(types()).toEqual(["application/json"]);
  });

  it("is derived anew from each body that a factory makes", async () => {
    const { next, types } = recorder();
    const bodies = ["text", new URLSearchParams("a=b")];
    const body = (() => bodies.shift()) as unknown as BodyInit; // AuthFetch types it

    await runFlow(twice, next)(CALL, { method: "POST", body });

    expect(types()).toEqual([TEXT, FORM]);
  });

  it.each([301, 302, 303])("is dropped with its body by a %i that turns the POST into a GET", async (status) => {
    const { next, sent } = recorder(redirectsOnce(status));

    await runFlow(plain, next)(CALL, { method: "POST", body: "text" });

    expect(sent.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(sent[1]?.headers.has("content-type")).toBe(false);
    expect(sent[1]?.body).toBeNull();
  });

  it("that the caller gave is dropped with its body, too, and so is all that describes one", async () => {
    const { next, sent } = recorder(redirectsOnce(303));
    const names = ["content-encoding", "content-language", "content-location", "content-type"];
    const headers = Object.fromEntries([...names, "x-other"].map((name) => [name, "x"]));

    await runFlow(plain, next)(CALL, { method: "POST", body: "text", headers });

    expect(sent).toHaveLength(2);
    expect(names.filter((name) => sent[1]?.headers.has(name))).toEqual([]);
    expect(sent[1]?.headers.get("x-other")).toBe("x");
  });

  it.each([307, 308])("stays with its body on a %i", async (status) => {
    const { next, types, sent } = recorder(redirectsOnce(status));

    await runFlow(plain, next)(CALL, { method: "POST", body: "text" });

    expect(types()).toEqual([TEXT, TEXT]);
    expect(await sent[1]?.text()).toBe("text");
  });
});
