// The one place where following redirects here differs from what fetch does inside: decision 032, Limits.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { type Loopback, loopback } from "../fixtures/loopback.ts";
import { rejection } from "../fixtures/outcome.ts";
import { runFlow } from "../index.ts";

const PAGE = "the page that was agreed on";
const integrity = `sha256-${createHash("sha256").update(PAGE).digest("base64")}`;
const other = `sha256-${createHash("sha256").update("another page").digest("base64")}`;

const site = (): Promise<Loopback> =>
  loopback((arrival, response) => {
    if (arrival.path === "/moved") response.writeHead(302, { location: "/page" }).end("moved");
    else response.end(PAGE);
  });

describe("a call with `integrity`", () => {
  it("has its response checked by the platform, as without a runner", async () => {
    const { origin } = await site();
    const authFetch = runFlow(answers, fetch);
    expect(await (await authFetch(`${origin}/page`, { integrity })).text()).toBe(PAGE);
    expect((await rejection(authFetch(`${origin}/page`, { integrity: other }))).message).toBe("fetch failed");
  });

  it("fails at a redirect, loudly, and nothing more is sent: the platform checks the redirect itself", async () => {
    const { origin, arrivals } = await site();
    const bare = await fetch(`${origin}/moved`, { integrity });
    expect(await bare.text()).toBe(PAGE);

    const error = await rejection(runFlow(answers, fetch)(`${origin}/moved`, { integrity }));
    expect([error.message, (error.cause as Error).message]).toEqual(["fetch failed", "integrity mismatch"]);
    expect(arrivals.map(({ path }) => path)).toEqual(["/moved", "/page", "/moved"]);
  });
});
