import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { digest } from "@authflow/digest";
import { describe, expect, it } from "vitest";
import { demandInCI, describeOn } from "../describe-on.ts";
import { sending } from "../sending.ts";
import { juergen } from "../servers/accounts.ts";
import { apache } from "../servers/apache.ts";
import { lighttpd } from "../servers/lighttpd.ts";
import { findProgram } from "../../scripts/workspace/program.ts";
import type { Software } from "../servers/software.ts";

const curl = findProgram(["curl"]);
demandInCI(["curl"]);

// --disable comes first: no .curlrc has a say here.
const OPTIONS = ["--disable", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "20"];
const LOGIN = ["--digest", "--user", `${juergen.username}:${juergen.password}`, "--location"];

const CALLS: readonly [Software, ...calls: (readonly [method: string, path: string, requests: number])[]][] = [
  [
    apache,
    ["GET", "/digest/index.txt", 2],
    ["GET", "/digest/moved", 3],
    ["GET", "/open/into-digest", 3],
    ["PUT", "/dav/arrived", 2],
    ["PUT", "/dav/moved", 3],
  ],
  [
    lighttpd,
    ["GET", "/sha-256/index.txt", 2],
    ["GET", "/both/index.txt", 2],
    ["GET", "/sha-256/moved", 3],
    ["GET", "/open/into-digest", 3],
    ["POST", "/sha-256/moved-307", 3],
  ],
];

describe.skipIf(curl === undefined)(
  `beside curl${curl === undefined ? " (left out: curl is not installed)" : ""}`,
  () => {
    for (const [software, ...calls] of CALLS) {
      describeOn(software, "digest", (server) => {
        it.each(calls)("sends the requests that curl sends: %s %s, %d of them", async (method, path, count) => {
          const body = method === "GET" ? undefined : "content";
          const sends = body === undefined ? [] : ["--request", method, "--data", body];
          await promisify(execFile)(curl ?? "", [...OPTIONS, ...LOGIN, ...sends, server().url(path)]);
          const curls = await server().told(count);
          expect(curls).toHaveLength(count);
          expect(curls.at(-1)).toMatch(/ with Digest: 20[04]$/);

          const response = await digest(juergen)(fetch)(
            server().url(path),
            body === undefined ? {} : sending(method, body),
          );
          expect(response.ok).toBe(true);
          expect(await server().told(count)).toEqual(curls);
        });
      });
    }
  },
);
