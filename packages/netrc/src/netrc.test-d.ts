import type { AuthScheme, SyncScheme } from "@authflow/flow";
import type { Machines } from "netrc-parser";
import { expectTypeOf, test } from "vitest";
import type { removeCredentials } from "./index.ts";
import { netrc, parseNetrc, setCredentials } from "./index.ts";

test("what netrc takes", () => {
  netrc();
  netrc({ file: new URL("file:///netrc"), permissions: "warn", env: process.env });
  netrc({ file: undefined, text: undefined, machines: undefined, env: undefined, permissions: undefined });
  netrc({ machines: { "example.org": { login: "finley", password: "secret" } } });
  expectTypeOf<{ machines: Machines }>().toExtend<NonNullable<Parameters<typeof netrc>[0]>>();

  // @ts-expect-error another rule than the three
  netrc({ permissions: "strict" });
  // @ts-expect-error bytes have to be decoded first
  netrc({ text: Buffer.from("") });
});

test("what netrc gives", () => {
  expectTypeOf(netrc()).toEqualTypeOf<SyncScheme>();
  expectTypeOf(netrc()).toExtend<AuthScheme>();
  // A fetch comes back as what it was.
  expectTypeOf(netrc()(fetch)).toEqualTypeOf<typeof fetch>();
  const narrow = (_url: string): Promise<number> => Promise.resolve(1);
  expectTypeOf(netrc()(narrow)).toEqualTypeOf<typeof narrow>();
});

test("what a look-up gives", () => {
  const found = parseNetrc("").find("example.org", "finley");
  expectTypeOf(found).toEqualTypeOf<
    { readonly login?: string; readonly password?: string; readonly account?: string } | undefined
  >();
});

test("what edits take and give", () => {
  expectTypeOf<typeof setCredentials>().returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf<typeof removeCredentials>().returns.toEqualTypeOf<Promise<boolean>>();
  expectTypeOf<typeof setCredentials>().parameter(0).toEqualTypeOf<string | URL>();
  // @ts-expect-error credentials have both
  void setCredentials("file", "example.org", { login: "finley" });
});
