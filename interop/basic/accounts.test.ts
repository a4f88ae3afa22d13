import { basic } from "@authflow/basic";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { juergen, mufasa, quoted } from "../servers/accounts.ts";
import { apache } from "../servers/apache.ts";
import { lighttpd } from "../servers/lighttpd.ts";
import { nginx } from "../servers/nginx.ts";

for (const software of [apache, lighttpd, nginx]) {
  describeOn(software, "basic", (server) => {
    it.each([
      ["ASCII", mufasa],
      ["that isn't ASCII, in UTF-8 (RFC 7617 §2.1)", juergen],
      ["with quotes, backslashes and colons in the password", quoted],
    ])("logs in with a username and a password %s", async (_, account) => {
      const response = await basic(account)(fetch)(server().url("/basic/index.txt"));
      expect(response.status).toBe(200);
      expect(await response.text()).toBe("basic\n");
      expect(await server().told(1)).toEqual(["GET /basic/index.txt with Basic: 200"]);
    });

    it("is refused in Latin-1, where the server keeps UTF-8", async () => {
      const response = await basic({ ...juergen, encoding: "latin1" })(fetch)(server().url("/basic/index.txt"));
      expect(response.status).toBe(401);
      expect(await server().told(1)).toEqual(["GET /basic/index.txt with Basic: 401"]);
    });

    it("hands back the 401 after a wrong password, and tries it once", async () => {
      const response = await basic({ ...mufasa, password: "wrong" })(fetch)(server().url("/basic/index.txt"));
      expect(response.status).toBe(401);
      expect(await server().told(1)).toEqual(["GET /basic/index.txt with Basic: 401"]);
    });

    it("waits for the challenge with preemptive: false, and not again below the path where it logged in", async () => {
      const authFetch = basic({ ...juergen, preemptive: false })(fetch);
      for (const path of ["/open/index.txt", "/basic/index.txt", "/basic/index.txt?again", "/open/index.txt"]) {
        const response = await authFetch(server().url(path));
        expect(response.status).toBe(200);
        await response.text();
      }
      expect(await server().told(5)).toEqual([
        "GET /open/index.txt: 200",
        "GET /basic/index.txt: 401",
        "GET /basic/index.txt with Basic: 200",
        "GET /basic/index.txt?again with Basic: 200",
        "GET /open/index.txt: 200",
      ]);
    });

    it("answers one challenge with preemptive: false, and gives a wrong password once", async () => {
      const authFetch = basic({ ...mufasa, password: "wrong", preemptive: false })(fetch);
      expect((await authFetch(server().url("/basic/index.txt"))).status).toBe(401);
      expect(await server().told(2)).toEqual(["GET /basic/index.txt: 401", "GET /basic/index.txt with Basic: 401"]);
    });
  });
}
