import { isAuthError, runFlowSync } from "@authflow/flow";
import { describe, expect, it, vi } from "vitest";
import { heldSource, settled } from "./fixtures/held.ts";
import { refusal } from "./fixtures/messages.ts";
import { bearer, type TokenSource } from "./index.ts";

const REQUEST = new Request("https://example.com/");

/** A transport that blocks, and takes one token only. */
function server(good: string): { send: (request: Request) => Response; sent: (string | null)[] } {
  const sent: (string | null)[] = [];
  return {
    sent,
    send({ headers }) {
      sent.push(headers.get("authorization"));
      return headers.get("authorization") === `Bearer ${good}` ? new Response("welcome") : refusal();
    },
  };
}

describe("bearer over a transport that blocks", () => {
  it("asks a function that answers at once, keeps its token, and asks again after a refusal", () => {
    const source = vi.fn<TokenSource>().mockReturnValueOnce("t1").mockReturnValueOnce("t2");
    const scheme = bearer(source);
    const { send, sent } = server("t2");
    for (let call = 0; call < 2; call++) expect(runFlowSync(scheme, REQUEST, send).status).toBe(200);
    expect(sent).toEqual(["Bearer t1", "Bearer t2", "Bearer t2"]);
    expect(source.mock.calls.map(([, challenge]) => challenge?.params.get("error"))).toEqual([
      undefined,
      "invalid_token",
    ]);
  });

  it("gives the refusal back if there is no other token", () => {
    const { send, sent } = server("another");
    expect(
      runFlowSync(
        bearer(() => "t1"),
        REQUEST,
        send,
      ).status,
    ).toBe(401);
    expect(sent).toEqual(["Bearer t1"]);
  });

  it("throws what the function throws, and doesn't ask again as long as the back-off lasts", () => {
    const failure = new Error("not logged in");
    let time = 0;
    const source = vi.fn<TokenSource>(() => {
      throw failure;
    });
    const scheme = bearer(source, { now: () => time });
    const { send, sent } = server("t1");
    for (time of [0, 999]) expect(() => runFlowSync(scheme, REQUEST, send)).toThrow(failure);
    expect(source).toHaveBeenCalledTimes(1);
    time = 1000;
    source.mockReturnValueOnce("t1");
    expect(runFlowSync(scheme, REQUEST, send).status).toBe(200);
    expect(sent).toEqual(["Bearer t1"]);
  });

  it.each([
    ["a token", async (): Promise<string> => "t1"],
    ["a failure", (): Promise<string> => Promise.reject(new Error("not logged in"))],
  ])("says so if the function promises %s, and leaves no rejection behind", async (_, source) => {
    const scheme = bearer(source);
    const { send, sent } = server("t1");
    let refused: unknown;
    try {
      runFlowSync(scheme, REQUEST, send);
    } catch (error) {
      refused = error;
    }
    expect(isAuthError(refused, "ERR_AUTHFLOW_FLOW_KIND")).toBe(true);
    expect(sent).toEqual([]);
    await settled(); // an unhandled rejection would fail the run
  });

  it("shares its token with the calls that wait", async () => {
    const source = vi.fn<TokenSource>(() => "t1");
    const scheme = bearer(source);
    const { send } = server("t1");
    runFlowSync(scheme, REQUEST, send);
    await scheme(async (_url: string) => new Response())("https://example.com/");
    expect(source).toHaveBeenCalledTimes(1);
  });

  it("keeps its token where a call that waits fails after it", async () => {
    const waiting = heldSource();
    const source = vi.fn<TokenSource>().mockImplementationOnce(waiting).mockReturnValueOnce("t1");
    const scheme = bearer(source, { now: () => 0 });
    const { send, sent } = server("t1");
    const failing = scheme(async (_url: string) => new Response())("https://example.com/");
    await settled();
    runFlowSync(scheme, REQUEST, send);
    waiting.fail(new Error("not logged in"));
    await expect(failing).rejects.toThrow("not logged in");
    runFlowSync(scheme, REQUEST, send);
    expect(sent).toEqual(["Bearer t1", "Bearer t1"]);
  });
});
