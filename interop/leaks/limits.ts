// What the matrix can't hold, each with what happens: SECURITY.md and the READMEs name them.
import { apiKey } from "@authflow/api-key";
import { basic } from "@authflow/basic";
import { routes } from "@authflow/core";
import { netrc } from "@authflow/netrc";
import { type Form, FORMS } from "./forms.ts";
import { type Journey, JOURNEYS } from "./journeys.ts";
import { LAYERS } from "./layers.ts";
import type { Cell } from "./matrix.ts";
import { type Made, ofScheme, type Setting, type Subject } from "./subject.ts";

/** A call, and what is known to leave the origin of it. */
export interface Limit {
  readonly name: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly cell: Cell;
  /** How many bytes of the credential arrive elsewhere. */
  readonly bytes: number;
}

const MARKER = "s3cretOfLimit";
const credentials = [{ marker: MARKER }];
const base64Length = (text: string): number => Buffer.from(text).toString("base64").length;

const subject = (make: (setting: Setting) => Made): Subject => ({ name: "of a limit", slot: "authorization", make });
const inner = (origins?: (setting: Setting) => readonly string[]): Subject =>
  subject((setting) => {
    const options = { username: "u", password: MARKER, ...(origins && { origins: origins(setting) }) };
    return ofScheme(basic(options), credentials);
  });
const outer: Subject = {
  ...subject(() => ofScheme(apiKey({ header: "x-api-key", value: "k3yOfOuter" }), [{ marker: "k3yOfOuter" }])),
  slot: "header",
};

const named = <T extends { readonly name: string }>(list: readonly T[], name: string): T => {
  const found = list.find((one) => one.name === name);
  if (!found) throw new Error(`Nothing is called ${name}.`);
  return found;
};
const plain: Form = named(FORMS, "a(fetch)");
/** A layer that builds a new Request stands between the two, and takes the mark away that the outer one leaves in init. */
const rebuilt: Form = {
  name: "a, a new Request, b",
  size: 2,
  make: ([a, b]) => a?.wrap(LAYERS.rebuild(b?.wrap(fetch) ?? fetch)) ?? fetch,
};
const call = (form: Form, subjects: readonly Subject[], journey: string | Journey): Cell => ({
  form,
  subjects,
  journey: typeof journey === "string" ? named(JOURNEYS, journey) : journey,
  status: 302,
  shape: "GET",
});
/** A server that writes what it was sent into its Location, in a spelling of its own. */
const spelled: Journey = {
  ...named(JOURNEYS, "host"),
  hops: [{ to: "host", location: (url, { query }) => `${url}/${Buffer.from(query).toString("hex")}` }],
};

const inBasic = base64Length(`u:${MARKER}`);

export const LIMITS: readonly Limit[] = [
  {
    name: "An inner scheme under a layer that builds a new Request and drops `init`, as axios's fetch adapter does",
    remedy: "put the schemes side by side, or give the inner one `origins`: the next line",
    cell: call(rebuilt, [outer, inner()], "host"),
    bytes: inBasic,
  },
  {
    name: "The same with `origins`",
    remedy: "none is needed",
    cell: call(rebuilt, [outer, inner(({ origin, from }) => [origin(from)])], "host"),
    bytes: 0,
  },
  {
    name: "A netrc entry, and another port of its host",
    remedy: "a netrc file names hosts, not ports; give the scheme `origins` by `createAuthFetch`",
    cell: call(
      plain,
      [subject(() => ofScheme(netrc({ text: `machine 127.0.0.1 login u password ${MARKER}` }), credentials))],
      "port",
    ),
    bytes: inBasic,
  },
  {
    name: "A `default` entry of a netrc file",
    remedy: "it is for every host, as its author wrote",
    cell: call(
      plain,
      [subject(() => ofScheme(netrc({ text: `default login u password ${MARKER}` }), credentials))],
      "host",
    ),
    bytes: inBasic,
  },
  {
    name: "A route whose function is true of every URL",
    remedy: "match by origin",
    cell: call(
      plain,
      [
        subject(() => {
          const wrap = routes([{ match: () => true, auth: ["u", MARKER] }]);
          return { wrap: (next) => wrap(next), scheme: undefined, credentials };
        }),
      ],
      "host",
    ),
    bytes: inBasic,
  },
  {
    name: "A header that the caller sets by hand, of a name that no scheme sets",
    remedy: "let a scheme set it",
    cell: call(
      plain,
      [
        {
          ...subject(() => ({
            wrap: (next) => apiKey({ query: "key", value: "of the scheme" })(next),
            scheme: undefined,
            credentials,
            headers: { "x-own-key": MARKER },
          })),
          slot: "header",
        },
      ],
      "host",
    ),
    bytes: MARKER.length,
  },
  {
    name: "A query key that a server spells anew in its Location (here in hexadecimal; the bytes are those)",
    remedy: "give the key in a header: what a server was sent, it can pass on",
    cell: call(
      plain,
      [
        {
          ...subject(() =>
            ofScheme(apiKey({ query: "key", value: MARKER }), [
              { marker: MARKER },
              { marker: Buffer.from(MARKER).toString("hex"), belongs: [] },
            ]),
          ),
          slot: "query",
        },
      ],
      spelled,
    ),
    bytes: Buffer.from(MARKER).toString("hex").length,
  },
];
