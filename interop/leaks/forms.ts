// How schemes are put around a fetch, and around each other.
import { compose, createAuthFetch, install } from "@authflow/core";
import { kyAuth, kyHooks } from "@authflow/ky";
import ky from "ky";
import { type Fetcher, type Layer, LAYERS } from "./layers.ts";
import type { Made, Setting } from "./subject.ts";

/** One of the ways. */
export interface Form {
  readonly name: string;
  /** How many subjects it takes, the outermost first. */
  readonly size: 1 | 2;
  /** Whether each of them has to be a scheme, or only the outermost. */
  readonly takes?: "schemes" | "a scheme";
  /** Whether the URL reaches the outermost as the caller wrote it. */
  readonly keepsUrl?: true;
  readonly make: (made: readonly Made[], setting: Setting) => Fetcher;
}

type Scheme = NonNullable<Made["scheme"]>;

const nest = (made: readonly Made[], layer: Layer = (next) => next): Fetcher =>
  made.reduceRight<Fetcher>((inner, { wrap }, at) => wrap(at === made.length - 1 ? inner : layer(inner)), fetch);

/** The schemes, where the form says that each subject is one. */
const schemesOf = (made: readonly Made[]): readonly Scheme[] => made.flatMap(({ scheme }) => scheme ?? []);

const authFetchAround = ([outer, ...inner]: readonly Made[]): Fetcher =>
  createAuthFetch({ auth: outer?.scheme, fetch: nest(inner) });

/** Wraps the global fetch, takes the wrapped one, and puts the platform's back. */
const installed = (made: readonly Made[], { origin, from }: Setting): Fetcher => {
  const platform = globalThis.fetch;
  try {
    for (const auth of schemesOf(made).toReversed()) install({ auth, origins: [origin(from)] });
    return globalThis.fetch; // which goes on to authenticate
  } finally {
    globalThis.fetch = platform;
  }
};

const throughKy =
  (door: (scheme: Scheme) => object): Form["make"] =>
  (made) => {
    const base = ky.create({ retry: 0, throwHttpErrors: false });
    const client = schemesOf(made).reduceRight((api, scheme) => api.extend(door(scheme)), base);
    return (input, init) => client(input, init);
  };

export const FORMS: readonly Form[] = [
  { name: "a(fetch)", size: 1, keepsUrl: true, make: (made) => nest(made) },
  { name: "a retry around a", size: 1, keepsUrl: true, make: (made) => LAYERS.retry(nest(made)) },
  { name: "ky around a", size: 1, make: (made) => LAYERS.ky(nest(made)) },
  { name: "createAuthFetch({ auth: a })", size: 1, takes: "schemes", make: authFetchAround },
  { name: "kyAuth(a)", size: 1, takes: "schemes", make: throughKy((scheme) => kyAuth(scheme)) },
  { name: "kyHooks(a)", size: 1, takes: "schemes", make: throughKy((scheme) => kyHooks(scheme)) },
  { name: "install({ auth: a })", size: 1, takes: "schemes", make: installed },
  { name: "a(b(fetch))", size: 2, keepsUrl: true, make: (made) => nest(made) },
  { name: "compose(a, b)", size: 2, keepsUrl: true, make: (made) => compose(...made.map(({ wrap }) => wrap))(fetch) },
  { name: "createAuthFetch({ auth: a, fetch: b })", size: 2, takes: "a scheme", make: authFetchAround },
  { name: "a, a copied init, b", size: 2, keepsUrl: true, make: (made) => nest(made, LAYERS.copy) },
  { name: "a, a retry, b", size: 2, keepsUrl: true, make: (made) => nest(made, LAYERS.retry) },
  { name: "a, a URL and headers made anew, b", size: 2, make: (made) => nest(made, LAYERS.anew) },
  { name: "a, ky, b", size: 2, keepsUrl: true, make: (made) => nest(made, LAYERS.ky) },
  { name: "a, ky 1, b", size: 2, keepsUrl: true, make: (made) => nest(made, LAYERS.ky1) },
  { name: "a, wretch, b", size: 2, keepsUrl: true, make: (made) => nest(made, LAYERS.wretch) },
  { name: "a, ofetch, b", size: 2, keepsUrl: true, make: (made) => nest(made, LAYERS.ofetch) },
  { name: "a new Request around a and b", size: 2, make: (made) => LAYERS.rebuild(nest(made)) },
  { name: "kyAuth(b), kyAuth(a)", size: 2, takes: "schemes", make: throughKy((scheme) => kyAuth(scheme)) },
  { name: "install b, install a", size: 2, takes: "schemes", make: installed },
];
