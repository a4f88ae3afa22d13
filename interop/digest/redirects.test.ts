import { digest } from "@authflow/digest";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { sending } from "../sending.ts";
import { mufasa } from "../servers/accounts.ts";
import { apache } from "../servers/apache.ts";
import { lighttpd } from "../servers/lighttpd.ts";
import type { Software } from "../servers/software.ts";
import { answerByHand } from "./answer-by-hand.ts";
import { paramOf } from "./param-of.ts";

const SPACES: readonly [Software, space: string][] = [
  [apache, "/digest"],
  [lighttpd, "/sha-256"],
];

for (const [software, space] of SPACES) {
  describeOn(software, "digest, redirected", (server) => {
    it("is signed anew for each target inside a protection space (redirects.json: same-origin)", async () => {
      const authFetch = digest(mufasa)(fetch);
      const response = await authFetch(server().url(`${space}/moved`));
      expect(response).toMatchObject({ status: 200, redirected: true, url: server().url(`${space}/index.txt`) });
      const requests = await server().requests(3);
      expect(requests.map(({ status }) => status)).toEqual([401, 302, 200]);
      expect(requests.map((request) => paramOf(request, "uri"))).toEqual([
        undefined,
        `${space}/moved`,
        `${space}/index.txt`,
      ]);
      expect(requests.map((request) => paramOf(request, "nc"))).toEqual([undefined, "00000001", "00000002"]);
      await response.text();

      await (await authFetch(server().url(`${space}/moved`))).text();
      expect(await server().told(2)).toEqual([
        `GET ${space}/moved with Digest: 302`,
        `GET ${space}/index.txt with Digest: 200`,
      ]);
    });

    it("ends in a 400 where fetch follows by itself and takes the header along", async () => {
      const url = server().url(`${space}/moved`);
      const authorization = answerByHand(await fetch(url), "GET", `${space}/moved`, mufasa);
      expect((await fetch(url, { headers: { authorization } })).status).toBe(400);
      expect(await server().told(3)).toEqual([
        `GET ${space}/moved: 401`,
        `GET ${space}/moved with Digest: 302`,
        `GET ${space}/index.txt with Digest: 400`,
      ]);
    });

    it("answers for where an open page leads (redirects.json: redirect-then-401-same-origin)", async () => {
      const response = await digest(mufasa)(fetch)(server().url("/open/into-digest"));
      expect(response).toMatchObject({ status: 200, url: server().url(`${space}/index.txt`) });
      const requests = await server().requests(3);
      expect(requests.map(({ target, status }) => [target, status])).toEqual([
        ["/open/into-digest", 302],
        [`${space}/index.txt`, 401],
        [`${space}/index.txt`, 200],
      ]);
      expect(paramOf(requests[2], "uri")).toBe(`${space}/index.txt`);
    });

    it("leaves the challenge of another origin unanswered (redirects.json: redirect-then-401-other-origin)", async () => {
      const response = await digest(mufasa)(fetch)(server().url(`${space}/away`));
      expect(response).toMatchObject({ status: 401, url: server().otherUrl(`${space}/index.txt`) });
      expect(await server().told(3)).toEqual([
        `GET ${space}/away: 401`,
        `GET ${space}/away with Digest: 302`,
        `GET ${space}/index.txt: 401`,
      ]);
    });

    it("hands the redirect to a caller who wants to see it", async () => {
      const response = await digest(mufasa)(fetch)(server().url(`${space}/moved`), { redirect: "manual" });
      expect(response.status).toBe(302);
      expect(response.headers.get("location")).toBe(server().url(`${space}/index.txt`));
      expect(await server().told(2)).toEqual([`GET ${space}/moved: 401`, `GET ${space}/moved with Digest: 302`]);
    });
  });
}

describeOn(apache, "digest, redirected with a body", (server) => {
  it.each<[kind: string, body: () => BodyInit]>([
    ["a string", () => "moved"],
    ["a stream", () => new Blob(["moved"]).stream()],
  ])("takes %s along on a 307, signed anew", async (_, body) => {
    const call = digest(mufasa)(fetch)(server().url("/dav/moved"), sending("PUT", body()));
    expect((await call).status).toBe(204); // written over
    const requests = await server().requests(3);
    expect(requests.map(({ status }) => status)).toEqual([401, 307, 204]);
    expect(requests.map((request) => paramOf(request, "uri"))).toEqual([undefined, "/dav/moved", "/dav/arrived"]);
    expect(new TextDecoder().decode(await server().file("dav/arrived"))).toBe("moved");
  });

  it("ends in a 400 where fetch follows by itself and takes the header along", async () => {
    const url = server().url("/dav/moved");
    const challenged = await fetch(url, { method: "PUT", body: "moved" });
    const authorization = answerByHand(challenged, "PUT", "/dav/moved", mufasa);
    const response = await fetch(url, { method: "PUT", body: "moved", headers: { authorization } });
    expect(response.status).toBe(400);
    expect(await server().told(3)).toEqual([
      "PUT /dav/moved: 401",
      "PUT /dav/moved with Digest: 307",
      "PUT /dav/arrived with Digest: 400",
    ]);
  });
});

describeOn(lighttpd, "digest, redirected with a body", (server) => {
  it("takes it along on a 307, signed anew", async () => {
    const response = await digest(mufasa)(fetch)(server().url("/sha-256/moved-307"), { method: "POST", body: "moved" });
    expect(response.status).toBe(200);
    const requests = await server().requests(3);
    expect(requests.map(({ status }) => status)).toEqual([401, 307, 200]);
    expect(requests.map(({ method, contentLength }) => [method, contentLength])).toEqual(
      Array.from({ length: 3 }, () => ["POST", "5"]),
    );
    expect(paramOf(requests[2], "uri")).toBe("/sha-256/index.txt");
  });
});
