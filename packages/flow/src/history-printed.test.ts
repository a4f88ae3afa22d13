// An exchange is printed as what it is: what went out, what came back, no credential, and nothing of the runner's own.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { rejection } from "./fixtures/outcome.ts";
import { basicScheme, headerScheme } from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import { type Exchange, exchangesOf, runFlowSync } from "./index.ts";

const URL_A = "https://a.test/x";
const MEMBERS = ["request", "response", "error", "duration", "side", "dropped"];

async function exchange(): Promise<Exchange> {
  const response = await basicScheme("s3cr3t")(
    scripted(new Response(null, { status: 204, headers: { via: "1.1 b" } })),
  )(URL_A);
  return exchangesOf(response)[0] as Exchange; // one was sent
}

describe("an exchange, printed", () => {
  it("shows its members and no other", async () => {
    const text = inspect(await exchange(), { breakLength: Infinity });
    expect(text.replace(/duration: [\d.e-]+/, "duration: 1")).toBe(
      "{ request: { method: 'GET', url: 'https://a.test/x', headers: Headers { authorization: 'Basic [redacted]' } }, " +
        "response: { status: 204, headers: Headers { via: '1.1 b' } }, error: undefined, duration: 1, side: false, dropped: [] }",
    );
  });

  it("shows the same as JSON, headers as a list of names and values", async () => {
    const parsed: unknown = JSON.parse(JSON.stringify(await exchange()));
    expect(parsed).toEqual({
      request: { method: "GET", url: URL_A, headers: [["authorization", "Basic [redacted]"]] },
      response: { status: 204, headers: [["via", "1.1 b"]] },
      duration: expect.any(Number) as number,
      side: false,
      dropped: [],
    });
  });

  it("shows the error that came instead of a response, in JSON by its name and message", async () => {
    const failure = new TypeError("no route");
    const error = await rejection(headerScheme()(scripted(failure))(URL_A));
    const [failed] = exchangesOf(error);
    expect(inspect(failed)).toMatch(/response: undefined,\s+error: TypeError: no route/);
    expect(JSON.parse(JSON.stringify(failed))).toMatchObject({ error: "TypeError: no route" });
  });

  it("shows the same where it went over a transport that blocks", () => {
    const response = runFlowSync(headerScheme(), new Request(URL_A), () => new Response());
    const [sent] = exchangesOf(response);
    for (const name of MEMBERS) expect(inspect(sent)).toContain(`${name}:`);
    expect(inspect(sent)).not.toMatch(/origin|secure|left/);
  });
});
