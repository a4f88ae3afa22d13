import { basic } from "@authflow/basic";
import { type AuthScheme, defineScheme, type Fetch } from "@authflow/flow";
import ky, { type KyInstance, type Options } from "ky";
import ky1, { type KyInstance as KyInstance1, type Options as Options1 } from "ky1";
import { expectTypeOf, test } from "vitest";
import { kyAuth, kyHooks } from "./index.ts";

const scheme = basic({ username: "finley", password: "secret" });

test("extend takes both doors, in both versions", () => {
  expectTypeOf(ky.extend(kyAuth(scheme))).toEqualTypeOf<KyInstance>();
  expectTypeOf(ky.extend(kyHooks(scheme))).toEqualTypeOf<KyInstance>();
  expectTypeOf(ky1.extend(kyAuth(scheme))).toEqualTypeOf<KyInstance1>();
  expectTypeOf(ky1.extend(kyHooks(scheme))).toEqualTypeOf<KyInstance1>();
});

test("what kyHooks gives is options, for create and for one request, too", () => {
  expectTypeOf(kyHooks(scheme)).toExtend<Options>();
  expectTypeOf(kyHooks(scheme)).toExtend<Options1>();
  void ky.create(kyHooks(scheme)).get("", kyHooks(scheme));
  void ky1.create({ ...kyHooks(scheme), retry: 0 }).get("", kyHooks(scheme));
});

test("what kyAuth gives can be asked for the options", () => {
  expectTypeOf(kyAuth(scheme)({}).fetch).toEqualTypeOf<Fetch>();
  expectTypeOf(kyAuth(scheme)).toBeCallableWith({ fetch: undefined });
  expectTypeOf(kyAuth(scheme)).toBeCallableWith({ fetch: globalThis.fetch });
});

test("both take schemes and functions, and nothing else", () => {
  const literal: AuthScheme = defineScheme((request) => request);
  for (const door of [kyAuth, kyHooks]) {
    door(literal, { replayLimit: 1, onExchange: ({ side }) => void side });
    door((request) => request);
    door(async (request) => request);
    // @ts-expect-error no scheme
    door("basic");
    // @ts-expect-error a pair is for core, which makes Basic of it
    door(["finley", "secret"]);
    // @ts-expect-error what makes a scheme has to be called
    door(basic);
    // @ts-expect-error a fetch that a scheme wraps
    door(scheme(fetch));
    // @ts-expect-error a fetch
    door(fetch);
  }
  kyHooks(scheme, { timeout: 5000 });
  kyHooks(scheme, { timeout: false });
  // @ts-expect-error kyAuth stands inside ky's own timeout
  kyAuth(scheme, { timeout: 5000 });
});
