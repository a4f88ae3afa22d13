import { digest } from "@authflow/digest";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { juergen, mufasa } from "../servers/accounts.ts";
import { lighttpd } from "../servers/lighttpd.ts";
import { paramOf } from "./param-of.ts";

// lighttpd makes whoever gave a wrong password wait for a second. Of quoted pairs (RFC 9110 §5.6.4) lighttpd 1.4.69 knows
// nothing: a username with a quote in it gets a 401 from curl, too.
describeOn(lighttpd, "digest", (server) => {
  it.each([
    ["ASCII", mufasa],
    ["that isn't ASCII, in UTF-8 (§4)", juergen],
  ])("logs in by SHA-256 with a username and a password %s", async (_, account) => {
    const response = await digest(account)(fetch)(server().url("/sha-256/index.txt"));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("sha-256\n");
    const [asked, answered, ...more] = await server().requests(2);
    expect([asked?.status, answered?.status, more]).toEqual([401, 200, []]);
    expect(paramOf(answered, "algorithm")).toBe("SHA-256");
    expect(paramOf(answered, "response")).toMatch(/^[\da-f]{64}$/);
  });

  it("hands back the 401 after a wrong password, and tries it once", async () => {
    const response = await digest({ ...mufasa, password: "wrong" })(fetch)(server().url("/sha-256/index.txt"));
    expect(response.status).toBe(401);
    expect((await server().requests(2)).map(({ status }) => status)).toEqual([401, 401]);
  });

  it("counts on with the nonce that it has, and asks no more (§3.4, nc)", async () => {
    const authFetch = digest(mufasa)(fetch);
    for (let call = 1; call <= 3; call++) await (await authFetch(server().url("/sha-256/index.txt"))).text();
    const requests = await server().requests(4);
    expect(requests.map(({ status }) => status)).toEqual([401, 200, 200, 200]);
    expect(requests.map((request) => paramOf(request, "nc"))).toEqual([undefined, "00000001", "00000002", "00000003"]);
  });

  it.each([
    ["the stronger one of two", undefined, "SHA-256"],
    ["the one that is allowed", ["MD5"] as const, "MD5"],
  ])("answers with %s (§3.7)", async (_, algorithms, algorithm) => {
    const response = await digest({ ...juergen, algorithms })(fetch)(server().url("/both/index.txt"));
    expect(response.status).toBe(200);
    const [, answered] = await server().requests(2);
    expect(paramOf(answered, "algorithm")).toBe(algorithm);
  });

  it("hands back the 401 where no algorithm is allowed", async () => {
    const response = await digest({ ...mufasa, algorithms: ["SHA-256"] })(fetch)(server().url("/md5/index.txt"));
    expect(response.status).toBe(401);
    expect(await server().told(1)).toEqual(["GET /md5/index.txt: 401"]);
  });

  it.each([
    ["ASCII", mufasa],
    ["not ASCII", juergen],
  ])("hides a username that is %s from who reads along (§3.4.4, userhash)", async (_, account) => {
    const response = await digest(account)(fetch)(server().url("/userhash/index.txt"));
    expect(response.status).toBe(200);
    const [, answered] = await server().requests(2);
    expect(paramOf(answered, "userhash")).toBe("true");
    expect(paramOf(answered, "username")).toMatch(/^[\da-f]{64}$/);
  });

  it("rejects where a proof is demanded, since lighttpd gives none (§3.5)", async () => {
    const call = digest({ ...mufasa, requireRspauth: true })(fetch)(server().url("/sha-256/index.txt"));
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_AUTH_VERIFICATION" });
  });
});
