import type { Scheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { deviceCode, type UserCode } from "../index.ts";

const client = { issuer: "https://auth.example.com", clientId: "tv" };

test("deviceCode", () => {
  const scheme = deviceCode({ ...client, show: async () => {} });
  expectTypeOf(scheme).toEqualTypeOf<Scheme>();
  expectTypeOf(scheme(fetch)).toEqualTypeOf<typeof fetch>();
  deviceCode({
    ...client,
    show: (code) => {
      expectTypeOf(code).toEqualTypeOf<UserCode>();
      expectTypeOf(code.verificationUriComplete).toEqualTypeOf<string | undefined>();
    },
  });
  deviceCode({ ...client, show: () => {}, deviceAuthorizationEndpoint: undefined, resource: ["https://a.example/"] });

  // @ts-expect-error nobody would see the code
  deviceCode(client);
  // @ts-expect-error the server says how often it may be asked
  deviceCode({ ...client, show: () => {}, interval: 1 });
});
