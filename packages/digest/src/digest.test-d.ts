import type { AuthScheme, Fetch, FetchMiddleware, FlowContext, Middleware, SyncScheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { digest, type DigestAlgorithm, type DigestOptions } from "./index.ts";

test("what digest takes", () => {
  digest({ username: "user", password: "pass" });
  digest({ username: new Uint8Array(), password: Buffer.from("pass") });
  digest({
    username: "user",
    password: "pass",
    algorithms: ["SHA-512", "SHA-512-256", "SHA-256", "SHA", "MD5"],
    requireRspauth: true,
    probe: "head",
    handshakeTimeout: 500,
    extendedUsername: true,
    cnonce: () => "c1",
    origins: ["https://example.com"],
  });
  expectTypeOf<Parameters<typeof digest>>().toEqualTypeOf<[options: DigestOptions]>();
  expectTypeOf<DigestAlgorithm>().toEqualTypeOf<"SHA-512" | "SHA-512-256" | "SHA-256" | "SHA" | "MD5">();

  // @ts-expect-error both are needed
  digest({ username: "user" });
  // @ts-expect-error an environment variable may be missing: check it, or give it a default
  digest({ username: "user", password: process.env["PASSWORD"] });
  // @ts-expect-error the options are one object
  digest("user", "pass");
  // @ts-expect-error its algorithm stands for the -sess variant, too
  digest({ username: "user", password: "pass", algorithms: ["MD5-sess"] });
  // @ts-expect-error no such probe
  digest({ username: "user", password: "pass", probe: "options" });
  // @ts-expect-error a nonce is made when it is needed
  digest({ username: "user", password: "pass", cnonce: "c1" });
  // @ts-expect-error no such option
  digest({ username: "user", password: "pass", realm: "x" });
});

test("what digest gives", async () => {
  const auth = digest({ username: "user", password: "pass" });
  expectTypeOf(auth).toEqualTypeOf<SyncScheme>();
  expectTypeOf(auth).toExtend<Middleware>();
  expectTypeOf(auth).toExtend<FetchMiddleware>();
  expectTypeOf(auth).toExtend<AuthScheme>();
  expectTypeOf(auth(fetch)).toEqualTypeOf<typeof fetch>();
  expectTypeOf(auth(fetch)).toExtend<Fetch>();
  const context = {} as FlowContext;
  const flow = auth.authFlow(new Request("https://example.com/"), context);
  expectTypeOf(flow.next().value).toEqualTypeOf<Request | Response | void>();
});

test("its error is one of the toolkit's", () => {});
