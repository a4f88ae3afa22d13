import { describe, expect, it } from "vitest";
import { conformance } from "../fixtures/conformance.ts";
import { failureOf } from "../fixtures/failure.ts";
import { basicScheme, headerScheme, proofScheme, SECRETS } from "../fixtures/schemes.ts";
import { openSite, type Site } from "../fixtures/site.ts";
import { BodyNotReplayableError } from "../index.ts";

interface Row {
  readonly code: number;
  readonly method: string;
  /** What Node's own fetch sent to the target: bytes of the body, and its Content-Type. */
  readonly node: { readonly method: string; readonly body: number; readonly ct: string | null };
  readonly spec: string;
}

const { method_body: methodBody } = conformance("redirects") as { method_body: readonly Row[] };
const rows = methodBody.map((row) => ({
  ...row,
  id: `${row.code} ${row.method}`,
}));

/** The rows by what they specify: "301 POST: GET, body dropped, Content-* headers removed". */
const titled = rows.map((row) => [`${row.id}: ${row.spec}`, row] as const);

const BODY = "hello";

/** A site that answers `/start` with a redirect to `/end`. */
const openRedirect = async (status: number): Promise<Site> => (await openSite()).redirect("/start", "/end", status);

const arrived = ({ last: { method, target, headers, body } }: Site): object => ({
  method,
  target,
  type: headers["content-type"] ?? null,
  length: headers["content-length"] ?? null,
  body,
});

describe("method and body of a redirect (RFC 9110 section 15.4; conformance/redirects.json, method_body)", () => {
  it("has the rows that these tests were written for", () => {
    expect(rows).toHaveLength(15);
  });

  describe.each([
    ["a string", (url: string, init: RequestInit): Parameters<typeof fetch> => [url, init]],
    ["a Request", (url: string, init: RequestInit): Parameters<typeof fetch> => [new Request(url, init)]],
  ])("given %s", (_, input) => {
    it.each(titled)("%s, credentials sent again", async (_title, { code, method, node }) => {
      const site = await openRedirect(code);
      await fetch(...input(`${site.origin}/start`, { method, body: BODY }));
      const native = arrived(site);

      const response = await basicScheme()(fetch)(...input(`${site.origin}/start`, { method, body: BODY }));

      expect(response.status).toBe(200);
      expect(arrived(site)).toEqual({
        method: node.method,
        target: "/end",
        type: node.ct,
        length: node.body > 0 ? String(node.body) : null,
        body: BODY.slice(0, node.body),
      });
      expect(arrived(site)).toEqual(native);
      expect(site.last.headers.authorization).toBe(`Basic ${SECRETS.basic}`);
    });
  });

  it.each(titled)("%s, at another origin without credentials", async (_title, { code, method, node }) => {
    const [home, away] = [await openSite(), await openSite()];
    home.redirect("/start", `${away.origin}/end`, code);
    await headerScheme()(fetch)(`${home.origin}/start`, { method, body: BODY });
    expect(arrived(away)).toMatchObject({ method: node.method, type: node.ct, body: BODY.slice(0, node.body) });
    expect(away.last.headers).not.toHaveProperty("x-api-key");
  });

  it("takes off every header that told of the dropped body (Fetch, request-body-header name)", async () => {
    const site = await openRedirect(303);
    const headers = {
      "content-type": "text/plain",
      "content-encoding": "identity",
      "content-language": "en",
      "content-location": "/here",
      "content-md5": "kept",
      "x-kept": "yes",
    };
    const send = (fetcher: typeof fetch): Promise<Response> =>
      fetcher(`${site.origin}/start`, { method: "PUT", body: BODY, headers });
    await send(fetch);
    const names = (wire: string): string[] => wire.toLowerCase().match(/^(content-|x-)[a-z0-9-]+/gm) ?? [];
    const native = names(site.last.wire);
    await send(basicScheme()(fetch));
    expect(names(site.last.wire)).toEqual(native);
    expect(native).toEqual(["content-md5", "x-kept"]);
  });

  it("keeps HEAD on a 303, as fetch does", async () => {
    const site = await openRedirect(303);
    await basicScheme()(fetch)(`${site.origin}/start`, { method: "HEAD" });
    expect(site.last.method).toBe("HEAD");
  });

  it("sends a recorded stream again on 307 and 308, where fetch itself gives up", async () => {
    for (const status of [307, 308]) {
      const site = await openRedirect(status);
      const stream = () => ({ method: "POST", body: new Blob([BODY]).stream(), duplex: "half" });
      await expect(fetch(`${site.origin}/start`, stream())).rejects.toThrow(TypeError);
      const response = await proofScheme("pr00f")(fetch)(`${site.origin}/start`, stream());
      expect([response.status, site.last.method, site.last.body]).toEqual([200, "POST", BODY]);
    }
  });

  it("gives the 307 in a typed error where a stream is sent once, and so is not recorded", async () => {
    const site = await openRedirect(307);
    const stream = { method: "POST", body: new Blob([BODY]).stream(), duplex: "half" };
    const error = await failureOf(basicScheme()(fetch)(`${site.origin}/start`, stream));
    expect(error).toBeInstanceOf(BodyNotReplayableError);
    const { response } = error as BodyNotReplayableError;
    expect([response?.status, response?.headers.get("location"), await response?.text()]).toEqual([
      307,
      "/end",
      "moved",
    ]);
    expect(site.visits).toHaveLength(1);
  });

  it("follows a 303 after a stream that is sent once: no body is due", async () => {
    const site = await openRedirect(303);
    const stream = { method: "POST", body: new Blob([BODY]).stream(), duplex: "half" };
    await basicScheme()(fetch)(`${site.origin}/start`, stream);
    expect(arrived(site)).toEqual({ method: "GET", target: "/end", type: null, length: null, body: "" });
  });
});
