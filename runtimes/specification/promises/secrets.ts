import { basic } from "@authflow/basic";
import { bearer } from "@authflow/bearer";
import { apiKey } from "@authflow/api-key";
import { digest } from "@authflow/digest";
import { exchangesOf } from "@authflow/flow";
import type { Chapter } from "../case.ts";
import { failureOf, holds, same, thrownBy } from "../expect.ts";

const SECRET = "s3cr3t-w0rd";
const ENCODED = btoa(`finley:${SECRET}`);

export const secrets: Chapter = {
  promise: "11. Secrets",
  cases: [
    {
      title: "stand in no scheme, response, error or history, however they are looked at",
      async run(at) {
        const whole = await at.here({ status: 401 });
        const broken = await at.here({ fault: "reset" });
        const account = { username: "finley", password: SECRET };
        const schemes = [basic(account), digest(account), bearer(SECRET), apiKey({ header: true, value: SECRET })];
        for (const scheme of schemes) {
          const response = await scheme(fetch)(whole);
          const error = await failureOf(scheme(fetch)(broken, { method: "POST", body: "b" }));
          for (const value of [scheme, scheme(fetch), response, exchangesOf(response), error, exchangesOf(error)]) {
            for (const view of viewsOf(value)) {
              holds(!view.includes(SECRET) && !view.includes(ENCODED), `nothing of ${scheme.name} shows its secret`);
            }
          }
        }
        const sent = (await at.seen()).map(({ headers }) => JSON.stringify(headers)).join("\n");
        holds(sent.includes(ENCODED) && sent.includes(SECRET), "they were sent, all the same");
      },
    },
    {
      title: "control characters are refused before a header is built, and not shown",
      async run() {
        for (const control of ["\n", "\r\n", "\0", "\x7f"]) {
          const makers = [
            () => basic({ username: "finley", password: `${SECRET}${control}` }),
            () => bearer(`${SECRET}${control}`),
            () => apiKey({ header: true, value: `${SECRET}${control}` }),
          ];
          for (const make of makers) {
            const error = await thrownBy(make);
            same((error as { code?: unknown }).code, "ERR_AUTHFLOW_INVALID_CREDENTIALS", "the code");
            for (const view of viewsOf(error)) holds(!view.includes(SECRET), "the error doesn't show the secret");
          }
        }
      },
    },
    {
      title: "a URL with a user name in it is shown without",
      async run(at) {
        const url = new URL(await at.here({ fault: "reset" }));
        url.username = "finley";
        url.password = SECRET;
        const error = await failureOf(basic({ username: "a", password: "b" })(fetch)(url, { method: "POST" }));
        for (const view of [...viewsOf(error), ...viewsOf(exchangesOf(error))]) {
          holds(!view.includes(SECRET), "neither the error nor its history shows it");
        }
      },
    },
  ],
};

/** A value as people come to see it: as text, as JSON, and with every member that can be reached. */
function viewsOf(value: unknown): string[] {
  return [String(value), JSON.stringify(value) ?? "", ...membersOf(value, new Set())];
}

function membersOf(value: unknown, known: Set<unknown>): string[] {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return [String(value)];
  if (known.has(value)) return [];
  known.add(value);
  const own = Reflect.ownKeys(value).flatMap((key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
    return [String(key), ...membersOf(descriptor && "value" in descriptor ? descriptor.value : undefined, known)];
  });
  const listed = value instanceof Headers || value instanceof Map ? [JSON.stringify([...value])] : [];
  return [...own, ...listed];
}
