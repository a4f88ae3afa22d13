import { describe, expect, it } from "vitest";
import { LAYERS } from "../fixtures/layers.ts";
import { permutations } from "../fixtures/permutations.ts";
import { basicScheme, cookieScheme, headerScheme, queryScheme, SECRETS, secretBytes } from "../fixtures/schemes.ts";
import { type Answer, openSite, type Site } from "../fixtures/site.ts";

type Fetcher = typeof fetch;

const SCHEMES = [
  { name: "basic", wrap: basicScheme(), secret: SECRETS.basic },
  { name: "header", wrap: headerScheme(), secret: SECRETS.header },
  { name: "query", wrap: queryScheme(), secret: SECRETS.query },
  { name: "cookie", wrap: cookieScheme(), secret: SECRETS.cookie },
] as const;
/** Every order of three schemes with each layer; of four where CI runs, since they are 24 for each. */
const SIZES = process.env["CI"] ? [2, 3, 4] : [2, 3];
type Order = readonly (typeof SCHEMES)[number][];

const INPUTS = [
  ["a string", (url: string): Parameters<Fetcher> => [url]],
  ["a Request", (url: string): Parameters<Fetcher> => [new Request(url)]],
] as const;

/** A journey from home to another origin and back. */
const openJourney = async (): Promise<{ home: Site; away: Site; url: string }> => {
  const [home, away] = [await openSite(), await openSite()];
  home.redirect("/start", `${away.origin}/via`, 307);
  away.redirect("/via", `${home.origin}/end`, 307);
  return { home, away, url: `${home.origin}/start` };
};

/** Servers that copy the query they were asked with into their Location. */
const copyQuery = ({ home, away }: { home: Site; away: Site }): void => {
  const location = (to: string, target: string): Answer => ({
    status: 307,
    headers: { location: `${to}?${target.split("?")[1] ?? ""}` },
  });
  home.on("/start", ({ target }) => location(`${away.origin}/via`, target));
  away.on("/via", ({ target }) => location(`${home.origin}/end`, target));
};

/** Wraps fetch with schemes, the first outermost, with something between each two of them. */
const nest = (order: Order, between: (next: Fetcher) => Fetcher = (next) => next): Fetcher =>
  order.reduceRight((next, { wrap }, index) => wrap(index === order.length - 1 ? next : between(next)), fetch);

/** Makes the journey for each order, and counts the secret bytes that arrived where. */
const expectNoLeak = async (
  size: number,
  input: (url: string) => Parameters<Fetcher>,
  between?: (next: Fetcher) => Fetcher,
  prepare: (journey: { home: Site; away: Site }) => void = () => {},
): Promise<void> => {
  const { home, away, url } = await openJourney();
  prepare({ home, away });
  for (const order of permutations(SCHEMES, size)) {
    const names = order.map(({ name }) => name).join(" > ");
    home.visits.length = away.visits.length = 0;
    const response = await nest(order, between)(...input(url));
    const secrets = order.map(({ secret }) => secret);
    const [start, end] = home.visits;
    expect({
      names,
      end: [response.status, new URL(response.url).pathname],
      visits: [home.visits.length, away.visits.length],
      secretBytes: {
        home: secretBytes(start?.wire ?? "", secrets),
        elsewhere: secretBytes(away.wire),
        onTheReturn: secretBytes(end?.wire ?? ""),
      },
    }).toEqual({
      names,
      end: [200, "/end"],
      visits: [2, 1],
      secretBytes: { home: secrets.join("").length, elsewhere: 0, onTheReturn: 0 },
    });
  }
};

describe("nested wrapping (promise 9): a redirect to another origin and back, in every order", () => {
  it("is tested with schemes that fetch itself would leak", async () => {
    const { home, away, url } = await openJourney();
    const headers = { "x-api-key": SECRETS.header, authorization: `Basic ${SECRETS.basic}` };
    copyQuery({ home, away });
    await fetch(`${url}?api_key=${SECRETS.query}`, { headers });
    expect(secretBytes(away.wire)).toBe((SECRETS.header + SECRETS.query).length);
    expect(secretBytes(home.last.wire)).toBe((SECRETS.header + SECRETS.query).length);
  });

  describe.each(INPUTS)("given %s", (_, input) => {
    it.each([1, 2, 3, 4])("%d schemes, one around the other, send no byte elsewhere", async (size) => {
      await expectNoLeak(size, input);
    });

    describe.each(Object.entries(LAYERS))("with %s in between", (_layer, between) => {
      it.each(SIZES)("%d schemes send no byte elsewhere", async (size) => {
        await expectNoLeak(size, input, between);
      });
    });

    it("servers that copy the query into their Location lead no key elsewhere", async () => {
      await expectNoLeak(4, input, undefined, copyQuery);
    });

    it.each(Object.entries(LAYERS))("nor do they with %s in between", async (_layer, between) => {
      await expectNoLeak(SIZES.at(-1) ?? 3, input, between, copyQuery);
    });

    it("a different layer in each place makes no difference", async () => {
      const layers = Object.values(LAYERS);
      let turn = 0;
      await expectNoLeak(4, input, (next) => layers[turn++ % layers.length]?.(next) ?? next);
    });

    it.each(Object.entries(LAYERS))("%s around all of them makes no difference", async (_layer, around) => {
      const { home, away, url } = await openJourney();
      const response = await around(nest(SCHEMES))(...input(url));
      expect(response.status).toBe(200);
      expect(secretBytes(home.visits[0]?.wire ?? "")).toBe(Object.values(SECRETS).join("").length);
      expect(secretBytes(away.wire + home.last.wire)).toBe(0);
    });
  });
});

describe("a layer that builds a new Request and drops init, as axios does, hides the chain (the documented limit)", () => {
  const rebuild =
    (next: Fetcher): Fetcher =>
    (input, init) =>
      next(new Request(input, init));

  it("keeps what stands outside of it at home, and leads what stands inside astray", async () => {
    const { home, away, url } = await openJourney();
    await headerScheme()(rebuild(basicScheme()(fetch)))(url);
    expect(secretBytes(away.wire, [SECRETS.header])).toBe(0);
    expect(secretBytes(away.wire, [SECRETS.basic]), "the inner scheme takes the hop for a call").toBe(
      SECRETS.basic.length,
    );
    expect(secretBytes(home.last.wire, [SECRETS.header])).toBe(0);
  });

  it("does no harm with the schemes side by side, inside of it", async () => {
    const { home, away, url } = await openJourney();
    await rebuild(headerScheme()(basicScheme()(fetch)))(url);
    expect(secretBytes(home.visits[0]?.wire ?? "")).toBe((SECRETS.header + SECRETS.basic).length);
    expect(secretBytes(away.wire)).toBe(0);
  });

  it("does no harm to a scheme that names its origins", async () => {
    const { home, away, url } = await openJourney();
    const bound = basicScheme(SECRETS.basic, [home.origin]);
    await headerScheme()(rebuild(bound(fetch)))(url);
    expect(secretBytes(home.visits[0]?.wire ?? "")).toBe((SECRETS.header + SECRETS.basic).length);
    expect(secretBytes(away.wire)).toBe(0);
  });
});
