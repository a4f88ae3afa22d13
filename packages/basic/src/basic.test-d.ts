import type { AuthScheme, Fetch, FetchMiddleware, FlowContext, Middleware, Scheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { basic, type BasicOptions } from "./index.ts";

test("what basic takes", () => {
  basic({ username: "user", password: "pass" });
  basic({ username: new Uint8Array(), password: Buffer.from("pass"), encoding: "latin1" });
  basic({
    username: "user",
    password: "pass",
    preemptive: false,
    requireHttps: true,
    origins: ["https://example.com"],
  });
  // Options that a caller computes may be undefined.
  basic({
    username: "",
    password: "",
    encoding: undefined,
    preemptive: undefined,
    requireHttps: undefined,
    origins: undefined,
  });
  expectTypeOf<Parameters<typeof basic>>().toEqualTypeOf<[options: BasicOptions]>();

  // @ts-expect-error both are needed
  basic({ username: "user" });
  // @ts-expect-error an environment variable may be missing: check it, or give it a default
  basic({ username: "user", password: process.env["PASSWORD"] });
  // @ts-expect-error a number is no text
  basic({ username: "user", password: 1234 });
  // @ts-expect-error the options are one object
  basic("user", "pass");
  // @ts-expect-error no such encoding
  basic({ username: "user", password: "pass", encoding: "utf8" });
  // @ts-expect-error no such option
  basic({ username: "user", password: "pass", realm: "x" });
});

test("what basic gives", () => {
  const scheme = basic({ username: "user", password: "pass" });
  expectTypeOf(scheme).toExtend<Middleware>();
  expectTypeOf(scheme).toExtend<Scheme>();
  expectTypeOf(scheme).toExtend<AuthScheme>();
  expectTypeOf(scheme).toExtend<FetchMiddleware>();

  // A wrapped fetch has the type of what was wrapped.
  expectTypeOf(scheme(fetch)).toEqualTypeOf<typeof fetch>();
  expectTypeOf(scheme({} as Fetch)).toEqualTypeOf<Fetch>();
  type Client = ((url: string, init?: { readonly retries: number }) => Promise<Response>) & { readonly extra: 1 };
  expectTypeOf(scheme({} as Client)).toEqualTypeOf<Client>();

  // A flow of another scheme can run it.
  expectTypeOf(scheme.authFlow(new Request("https://example.com/"), {} as FlowContext)).toEqualTypeOf<
    Generator<Request, Response | void, Response>
  >();
});
