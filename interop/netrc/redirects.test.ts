import { netrc } from "@authflow/netrc";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { type Account, juergen, mufasa } from "../servers/accounts.ts";
import { nginx } from "../servers/nginx.ts";

const basicOf = ({ username, password }: Account): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

const machine = (host: string, { username, password }: Account): string =>
  `machine ${host} login ${username} password "${password}"\n`;

describeOn(nginx, "netrc", (server) => {
  it("looks up each host afresh (redirects.json: netrc-next-host-has-entry)", async () => {
    const text = machine("127.0.0.1", mufasa) + machine("localhost", juergen);
    const response = await netrc({ text })(fetch)(server().url("/basic/other-host"));
    expect(await response.text()).toBe("basic\n");
    expect(await server().requests(2)).toMatchObject([
      { target: "/basic/other-host", status: 302, authorization: basicOf(mufasa) },
      { target: "/basic/index.txt", status: 200, authorization: basicOf(juergen) },
    ]);
  });

  it("sends nothing to a host that the file doesn't name", async () => {
    const response = await netrc({ text: machine("127.0.0.1", mufasa) })(fetch)(server().url("/basic/other-host"));
    expect(response.status).toBe(401);
    expect(await server().told(2)).toEqual(["GET /basic/other-host with Basic: 302", "GET /basic/index.txt: 401"]);
  });

  it("sends nothing to a host for which only a default without a login stands (netrc-default-empty)", async () => {
    const text = `${machine("127.0.0.1", mufasa)}default`;
    const response = await netrc({ text })(fetch)(server().url("/basic/other-host"));
    expect(response.status).toBe(401);
    expect(await server().told(2)).toEqual(["GET /basic/other-host with Basic: 302", "GET /basic/index.txt: 401"]);
  });

  it("never sends the password of one host with the login of the next (netrc-next-host-login-without-password)", async () => {
    const text = `${machine("127.0.0.1", mufasa)}default login ${juergen.username}`;
    const response = await netrc({ text })(fetch)(server().url("/basic/other-host"));
    expect(response.status).toBe(401);
    expect(await server().told(2)).toEqual(["GET /basic/other-host with Basic: 302", "GET /basic/index.txt: 401"]);
  });

  it("sends the entry of the host to each of its ports, since a netrc file knows no ports", async () => {
    const response = await netrc({ text: machine("127.0.0.1", mufasa) })(fetch)(server().url("/basic/other-port"));
    expect(response.status).toBe(200);
    expect(await server().told(2)).toEqual([
      "GET /basic/other-port with Basic: 302",
      "GET /basic/index.txt with Basic: 200",
    ]);
  });

  it("takes the body along to the next host on a 307, and that host's credentials", async () => {
    const text = machine("127.0.0.1", mufasa) + machine("localhost", juergen);
    const response = await netrc({ text })(fetch)(server().url("/basic/upload-other-host"), {
      method: "PUT",
      body: "content",
    });
    expect(response.status).toBe(201);
    expect(await server().requests(2)).toMatchObject([
      { status: 307, authorization: basicOf(mufasa) },
      { status: 201, authorization: basicOf(juergen), contentLength: "7" },
    ]);
  });
});
