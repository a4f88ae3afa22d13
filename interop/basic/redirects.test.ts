import { basic } from "@authflow/basic";
import { BodyNotReplayableError } from "@authflow/flow";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { sending } from "../sending.ts";
import { mufasa } from "../servers/accounts.ts";
import { nginx } from "../servers/nginx.ts";

// The cases that redirects.json calls same-origin, other-port and other-host-same-port.
describeOn(nginx, "basic, redirected", (server) => {
  const authFetch = basic(mufasa)(fetch);

  it("sends the credentials again within the origin", async () => {
    const response = await authFetch(server().url("/basic/moved"));
    expect(response).toMatchObject({ status: 200, redirected: true, url: server().url("/basic/index.txt") });
    expect(await server().told(2)).toEqual([
      "GET /basic/moved with Basic: 302",
      "GET /basic/index.txt with Basic: 200",
    ]);
  });

  it.each(["/basic/other-port", "/basic/other-host"])(
    "sends none to another origin (%s), and leaves its challenge unanswered",
    async (path) => {
      const response = await authFetch(server().url(path));
      expect(response.status).toBe(401);
      expect(new URL(response.url).origin).not.toBe(new URL(server().url("/")).origin);
      expect(response.headers.get("www-authenticate")).toMatch(/^Basic /);
      expect(await server().told(2)).toEqual([`GET ${path} with Basic: 302`, "GET /basic/index.txt: 401"]);
    },
  );

  it.each(["/basic/other-port", "/basic/other-host"])(
    "takes what the caller sent to one origin to no other (%s; redirects.json: cookie-header)",
    async (path) => {
      const { username, password } = mufasa;
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
      const waiting = basic({ username: "nobody", password: "none", preemptive: false })(fetch);
      await waiting(server().url(path), { headers: { authorization, cookie: "session=1" } });
      expect(await server().requests(2)).toMatchObject([
        { target: path, status: 302, authorization, cookie: "session=1" },
        { target: "/basic/index.txt", status: 401, authorization: undefined, cookie: undefined },
      ]);
    },
  );

  it("sends none to another origin that would take them, with preemptive: false", async () => {
    const response = await basic({ ...mufasa, preemptive: false })(fetch)(server().url("/basic/other-host"));
    expect(response.status).toBe(401);
    expect(await server().told(3)).toEqual([
      "GET /basic/other-host: 401",
      "GET /basic/other-host with Basic: 302",
      "GET /basic/index.txt: 401",
    ]);
  });

  it.each([
    ["/basic/upload-here", "here", true],
    ["/basic/upload-other-port", "other-port", false],
    ["/basic/upload-other-host", "other-host", false],
  ])("takes the body along on a 307 (%s)", async (path, file, isSameOrigin) => {
    const body = `for ${file}`;
    const response = await authFetch(server().url(path), { method: "PUT", body });
    expect(response.status).toBe(201);
    const [first, second, ...more] = await server().requests(2);
    expect(first).toMatchObject({ method: "PUT", target: path, status: 307, contentLength: String(body.length) });
    expect(first?.authorization).toMatch(/^Basic /);
    expect(second).toMatchObject({
      method: "PUT",
      target: `/upload/${file}`,
      status: 201,
      authorization: isSameOrigin ? first?.authorization : undefined,
      contentLength: String(body.length),
      contentType: "text/plain;charset=UTF-8",
    });
    expect(more).toEqual([]);
    expect(new TextDecoder().decode(await server().file(`upload/${file}`))).toBe(body);
  });

  it("does not send a stream a second time on a 307, as fetch does not: basic records nothing", async () => {
    const body = new Blob(["once"]).stream();
    const call = authFetch(server().url("/basic/upload-here"), sending("PUT", body));
    await expect(call).rejects.toThrow(BodyNotReplayableError);
    expect(await server().told(1)).toEqual(["PUT /basic/upload-here with Basic: 307"]);
  });
});
