import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runFlowSync } from "@authflow/flow";
import type * as NetrcParser from "netrc-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basicOf, scripted } from "./fixtures/scripted.ts";
import type { NetrcMachines } from "./machines.ts";
import { netrc, type NetrcOptions } from "./netrc.ts";

/** What a netrc sends to a URL. */
async function sentTo(url: string, options: NetrcOptions, init?: RequestInit): Promise<string | null> {
  const { fetch, sent } = scripted();
  await netrc(options)(fetch)(url, init);
  return sent[0]?.[1] ?? null;
}

const H_TEST = "machine h.test login u password p\n";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "netrc-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The behaviours of HTTPX that have to do with netrc: `matched`, or `decided` otherwise as the case says. */
const HTTPX: Readonly<Record<string, () => Promise<void> | void>> = {
  "netrc-known": async () => {
    const text = "machine netrcexample.org\nlogin example-username\npassword example-password\n";
    expect(await sentTo("http://netrcexample.org", { text })).toBe(
      "Basic ZXhhbXBsZS11c2VybmFtZTpleGFtcGxlLXBhc3N3b3Jk",
    );
  },
  "netrc-unknown": async () => {
    expect(await sentTo("http://example.org", { text: "machine netrcexample.org login u password p" })).toBeNull();
  },
  "netrc-nopassword": async () => {
    expect(await sentTo("https://h.test/", { text: "machine h.test login u" })).toBeNull();
  },
  "netrc-nopassword-old": () => {
    expect(() => netrc({ text: "machine h.test login u" })).not.toThrow();
  },
  "netrc-nologin": async () => {
    expect(await sentTo("https://h.test/", { text: "machine h.test password p" })).toBe("Basic OnA=");
  },
  "netrc-default": async () => {
    expect(await sentTo("https://any.test/", { text: "default login d password p" })).toBe("Basic ZDpw");
  },
  "netrc-port-ignored": async () => {
    expect(await sentTo("https://h.test:8443/", { text: H_TEST })).toBe("Basic dTpw");
  },
  "netrc-machine-with-port": async () => {
    expect(await sentTo("https://h.test:8443/", { text: "machine h.test:8443 login u password p" })).toBeNull();
  },
  "netrc-case-file": async () => {
    expect(await sentTo("https://h.test/", { text: "machine H.Test login u password p" })).toBe("Basic dTpw");
  },
  "netrc-case-url": async () => {
    expect(await sentTo("https://H.TEST/", { text: H_TEST })).toBe("Basic dTpw");
  },
  "netrc-quoted": async () => {
    const text = String.raw`machine h.test login "u x" password "p\"q"`;
    expect(await sentTo("https://h.test/", { text })).toBe("Basic dSB4OnAicQ==");
  },
  "netrc-hash-in-password": async () => {
    expect(await sentTo("https://h.test/", { text: "machine h.test login u password p#q" })).toBe("Basic dTpwI3E=");
  },
  "netrc-comment": async () => {
    const text = "# machine h.test login no password no\nmachine h.test login u password p # login no\n";
    expect(await sentTo("https://h.test/", { text })).toBe("Basic dTpw");
  },
  "netrc-macdef": async () => {
    expect(await sentTo("https://h.test/", { text: `macdef init\ncd /pub\n\n${H_TEST}` })).toBe("Basic dTpw");
  },
  "netrc-account": async () => {
    expect(await sentTo("https://h.test/", { text: "machine h.test login u account acc password p" })).toBe(
      "Basic dTpw",
    );
  },
  "netrc-utf8": async () => {
    expect(await sentTo("https://h.test/", { text: "machine h.test login ü password pä" })).toBe("Basic w7w6cMOk");
  },
  "netrc-ipv6": async () => {
    expect(await sentTo("http://[::1]/", { text: "machine ::1 login u password p" })).toBe("Basic dTpw");
  },
  "netrc-over-userinfo": async () => {
    expect(await sentTo("https://x:y@h.test/", { text: H_TEST })).toBeNull();
    expect(await sentTo("https://u:y@h.test/", { text: H_TEST })).toBe("Basic dTpw");
  },
  "netrc-malformed": () => {
    for (const text of ["machine", "foo bar"]) {
      expect(() => netrc({ text })).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_NETRC_SYNTAX", line: 1 }));
    }
  },
  "netrc-missing": () => {
    expect(() => netrc({ file: join(folder, "none") })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_NETRC_NOT_FOUND" }),
    );
  },
  "netrc-perms": async () => {
    const file = join(folder, "netrc");
    await writeFile(file, H_TEST, { mode: 0o644 });
    expect(await sentTo("https://h.test/", { file })).toBe("Basic dTpw");
  },
  "netrc-snapshot": async () => {
    const file = join(folder, "netrc");
    await writeFile(file, H_TEST);
    const { fetch, sent } = scripted();
    const authFetch = netrc({ file })(fetch);
    await authFetch("https://h.test/");
    await writeFile(file, "machine h.test login other password p\n");
    await authFetch("https://h.test/");
    expect(sent.map(([, authorization]) => authorization)).toEqual([basicOf("u", "p"), basicOf("other", "p")]);
  },
  "netrc-env": async () => {
    const file = join(folder, "netrc");
    await writeFile(file, H_TEST);
    expect(await sentTo("https://h.test/", { env: { NETRC: file } })).toBe("Basic dTpw");
  },
};

describe("netrc, beside HTTPX", () => {
  it.each(Object.entries(HTTPX))("%s", (_, check) => check());

  it("covers every behaviour of HTTPX with netrc that a scheme decides", () => {
    const url = new URL("../../../conformance/httpx-behaviours.json", import.meta.url);
    const { cases } = JSON.parse(readFileSync(url, "utf8")) as { cases: { id: string; area: string }[] };
    const ids = cases.filter(({ area }) => area === "netrc").map(({ id }) => id);
    // Whether the URL's own password is used, and whether netrc is on by itself, is for who composes schemes.
    expect(ids.filter((id) => !(id in HTTPX))).toEqual(["netrc-unknown-host-userinfo", "netrc-trust-env-0.23"]);
  });
});

describe("netrc", () => {
  it("leaves an Authorization header alone that the request carries", async () => {
    const headers = { Authorization: "Bearer token" };
    expect(await sentTo("https://h.test/", { text: H_TEST }, { headers })).toBe("Bearer token");
  });

  it("chooses by the user name of the URL, percent-decoded, and sends nothing without a match (CVE-2026-8926)", async () => {
    const text = "machine h.test login a@b.c password p1\nmachine h.test login eve password p2";
    expect(await sentTo("https://a%40b.c@h.test/", { text })).toBe(basicOf("a@b.c", "p1"));
    expect(await sentTo("https://eve@h.test/", { text })).toBe(basicOf("eve", "p2"));
    expect(await sentTo("https://bob@h.test/", { text })).toBeNull();
  });

  it("looks up the host that the request goes to, not what stands before an @ (CVE-2024-47081)", async () => {
    expect(await sentTo("http://h.test:x@evil.test/", { text: H_TEST })).toBeNull();
    expect(await sentTo("http://h.test@evil.test/", { text: H_TEST })).toBeNull();
  });

  it("looks up a host in Unicode by its punycode", async () => {
    const text = "machine xn--mnchen-3ya.test login u password p";
    expect(await sentTo("https://münchen.test/", { text })).toBe("Basic dTpw");
  });

  it("takes hosts named like members of objects for plain hosts", async () => {
    const text = "machine __proto__ login u password p\nmachine constructor login v password q";
    expect(await sentTo("https://__proto__/", { text })).toBe("Basic dTpw");
    expect(await sentTo("https://constructor/", { text })).toBe(basicOf("v", "q"));
    expect(await sentTo("https://tostring/", { text })).toBeNull();
  });

  it("refuses, by basic's own error, a password that Basic can't carry", async () => {
    const attempt = sentTo("https://h.test/", { text: 'machine h.test login u password "s3cret\\n"' });
    await expect(attempt).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
    await expect(attempt).rejects.not.toThrow("s3cret");
  });

  it("fails the call, and sends nothing, when the file has become unreadable", async () => {
    const file = join(folder, "netrc");
    await writeFile(file, H_TEST);
    const { fetch, sent } = scripted();
    const authFetch = netrc({ file })(fetch);
    await writeFile(file, 'machine h.test login "u\n');
    await expect(authFetch("https://h.test/")).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_SYNTAX", file });
    expect(sent).toEqual([]);
  });

  it("runs without waiting, so that runFlowSync drives it", async () => {
    const file = join(folder, "netrc");
    await writeFile(file, "machine h.test login u password p\nmachine h.test login v password q\n");
    const scheme = netrc({ file });
    const sent: (string | null)[] = [];
    const send = (request: Request): Response => {
      sent.push(request.headers.get("authorization"));
      return new Response();
    };
    runFlowSync(scheme, new Request("https://h.test/"), send);
    runFlowSync(scheme, new Request("https://h.test/"), send, { user: "v" });
    expect(sent).toEqual([basicOf("u", "p"), basicOf("v", "q")]);
  });

  it.each([
    ["file and text", { file: "netrc", text: "" }],
    ["text and machines", { text: "", machines: {} }],
  ])("refuses %s together", (_, options) => {
    expect(() => netrc(options)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
  });

  // The file in the home would be read instead, with other credentials.
  it.each([
    ["a path", "/path/to/.netrc"],
    ["a URL", new URL("file:///path/to/.netrc")],
    ["null", null],
  ])("refuses %s in place of options", (_, options) => {
    expect(() => netrc(options as object)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: "Name the file in the options: netrc({ file }).",
      }),
    );
  });
});

describe("netrc after a redirect", () => {
  const FIRST = "https://a.test/";
  const SECOND = "https://b.test/";

  async function redirected(text: string, to: string = SECOND): Promise<readonly (string | null)[]> {
    const { fetch, sent } = scripted({ [FIRST]: to });
    await netrc({ text })(fetch)(FIRST);
    return sent.map(([, authorization]) => authorization);
  }

  it("sends the next host its own entry (redirects.json: netrc-next-host-has-entry)", async () => {
    const text = "machine a.test login alice password pa\nmachine b.test login bob password pb";
    expect(await redirected(text)).toEqual([basicOf("alice", "pa"), basicOf("bob", "pb")]);
  });

  it("sends nothing to a host without an entry", async () => {
    expect(await redirected("machine a.test login alice password pa")).toEqual([basicOf("alice", "pa"), null]);
  });

  it("sends nothing for an entry without a password (netrc-next-host-login-without-password)", async () => {
    const text = "machine a.test login alice password pa\ndefault login bob";
    expect(await redirected(text)).toEqual([basicOf("alice", "pa"), null]);
  });

  it("sends nothing for an empty default (netrc-default-empty)", async () => {
    expect(await redirected("machine a.test login mary password pm\ndefault")).toEqual([basicOf("mary", "pm"), null]);
  });

  it("sends the credentials again within the origin", async () => {
    const text = "machine a.test login alice password pa";
    expect(await redirected(text, "https://a.test/next")).toEqual([basicOf("alice", "pa"), basicOf("alice", "pa")]);
  });

  it("sends nothing in the clear after https, though the host has an entry", async () => {
    expect(await redirected("default login alice password pa", "http://a.test/")).toEqual([
      basicOf("alice", "pa"),
      null,
    ]);
  });

  it("ignores a user name that the redirect put into the URL", async () => {
    const text =
      "machine a.test login alice password pa\nmachine b.test login bob password pb\nmachine b.test login eve password pe";
    expect(await redirected(text, "https://eve@b.test/")).toEqual([basicOf("alice", "pa"), basicOf("bob", "pb")]);
  });

  it("doesn't take the header of the call along (bearer-plus-netrc)", async () => {
    const { fetch, sent } = scripted({ [FIRST]: SECOND });
    const text = "machine b.test login bob password pb";
    await netrc({ text })(fetch)(FIRST, { headers: { authorization: "Bearer token" } });
    expect(sent.map(([, authorization]) => authorization)).toEqual(["Bearer token", basicOf("bob", "pb")]);
  });
});

describe("a table of machines", () => {
  // As a caller has it: made by netrc-parser itself.
  const { parse } = createRequire(import.meta.url)("netrc-parser") as typeof NetrcParser;

  it("is looked up as a file is", async () => {
    const machines = parse("machine h.test\n  login u\n  password p\nmachine Other.Test\n  login v\n  password q\n");
    expect(await sentTo("https://h.test/", { machines })).toBe("Basic dTpw");
    expect(await sentTo("https://other.test/", { machines })).toBe(basicOf("v", "q"));
    expect(await sentTo("https://x@h.test/", { machines })).toBeNull();
    expect(await sentTo("https://none.test/", { machines })).toBeNull();
  });

  it("is read as it is at the time of a call", async () => {
    const machines = parse("");
    const { fetch, sent } = scripted();
    const authFetch = netrc({ machines })(fetch);
    await authFetch("https://h.test/");
    machines["h.test"] = { login: "u", password: "p" };
    await authFetch("https://h.test/");
    delete machines["h.test"];
    await authFetch("https://h.test/");
    expect(sent.map(([, authorization]) => authorization)).toEqual([null, "Basic dTpw", null]);
  });

  it("holds no hosts but those that are written there", async () => {
    const own = JSON.parse('{ "__proto__": { "login": "u", "password": "p" } }') as NetrcMachines;
    for (const machines of [parse(""), {}, own]) {
      for (const host of ["constructor", "_tokens", "tostring"]) {
        expect(await sentTo(`https://${host}/`, { machines })).toBeNull();
      }
    }
    expect(await sentTo("https://__proto__/", { machines: own })).toBe("Basic dTpw");
    expect(await sentTo("https://__proto__/", { machines: {} })).toBeNull();
    expect(await sentTo("https://__proto__/", { machines: parse("") })).toBeNull();
  });
});
