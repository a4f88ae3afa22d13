import { globSync, readFileSync } from "node:fs";
import { startServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import * as axios from "./axios.ts";
import * as fetchRetry from "./fetch-retry.ts";
import * as graphqlRequest from "./graphql-request.ts";
import * as hono from "./hono.ts";
import * as kyFetch from "./ky-fetch.ts";
import * as kyHooks from "./ky-hooks.ts";
import * as mcp from "./mcp.ts";
import * as octokit from "./octokit.ts";
import * as ofetch from "./ofetch.ts";
import * as openai from "./openai.ts";
import * as openapiFetch from "./openapi-fetch.ts";
import { type Recipe, tell } from "./recipe.ts";
import * as undici from "./undici.ts";
import * as wretch from "./wretch.ts";

interface Told {
  readonly file: string;
  readonly run: Recipe;
  /** What it prints. */
  readonly prints: readonly string[];
}

const signIn = (path: string): string[] => [`POST ${path} 401 no credentials`, `POST ${path} 200 Digest`];

const recipes: readonly Told[] = [
  {
    file: "ky-fetch.ts",
    run: kyFetch.run,
    prints: [
      "POST /token 200 no credentials",
      "GET /bearer 200 Bearer",
      "GET /bearer 200 Bearer",
      "POST /bearer 401 Bearer",
      "POST /token 200 no credentials",
      "POST /bearer 200 Bearer",
      "→ the owner of the token",
    ],
  },
  {
    file: "ky-hooks.ts",
    run: kyHooks.run,
    prints: [
      "GET /digest 401 no credentials",
      "GET /digest 200 Digest",
      "→ olivia",
      "→ 2 requests by the fetch of this one",
    ],
  },
  { file: "ofetch.ts", run: ofetch.run, prints: [...signIn("/digest"), "→ olivia"] },
  {
    file: "wretch.ts",
    run: wretch.run,
    prints: [...signIn("/digest"), "GET /digest 401 no credentials", "GET /digest 401 Digest", "→ olivia", "→ nobody"],
  },
  { file: "axios.ts", run: axios.run, prints: [...signIn("/digest"), "→ olivia"] },
  { file: "openapi-fetch.ts", run: openapiFetch.run, prints: [...signIn("/digest"), "→ olivia"] },
  {
    file: "undici.ts",
    run: undici.run,
    prints: [
      "GET /digest 401 no credentials",
      "GET /digest 200 Digest",
      '→ {"you":"olivia"}',
      "→ 2 requests by this dispatcher",
    ],
  },
  {
    file: "graphql-request.ts",
    run: graphqlRequest.run,
    prints: ["POST /token 200 no credentials", "POST /graphql 200 Bearer", "→ olivia"],
  },
  {
    file: "mcp.ts",
    run: mcp.run,
    prints: [
      "POST /token/mcp 200 no credentials",
      "POST /mcp 200 Bearer", // initialize
      "POST /mcp 202 Bearer", // notifications/initialized
      "POST /mcp 200 Bearer",
      "POST /mcp 401 Bearer",
      "POST /token/mcp 200 no credentials",
      "POST /mcp 200 Bearer",
      '→ [{"type":"text","text":"Hello, Olivia."}]',
    ],
  },
  {
    file: "openai.ts",
    run: openai.run,
    prints: [
      "POST /token 200 no credentials",
      "POST /v1/chat/completions 200 Bearer",
      "POST /v1/chat/completions 200 Bearer",
      "→ Hello.",
      "→ Hel|lo|.",
    ],
  },
  {
    file: "octokit.ts",
    run: octokit.run,
    prints: ["POST /token 200 no credentials", "GET /repos/olivia/site 200 Bearer", "→ olivia/site"],
  },
  {
    file: "fetch-retry.ts",
    run: fetchRetry.run,
    prints: ["GET /busy 401 no credentials", "GET /busy 503 Digest", "GET /busy 200 Digest", '→ {"you":"olivia"}'],
  },
  {
    file: "hono.ts",
    run: hono.run,
    prints: [
      "GET /digest 401 no credentials",
      "GET /digest 200 Digest",
      "GET /digest 401 no credentials",
      "GET /digest 200 Digest",
      "GET /digest 200 Digest", // the first tenant again, whose nonce is known
      '→ 200 A report for {"you":"olivia"}',
      '→ 200 A report for {"you":"finley"}',
      '→ 200 A report for {"you":"olivia"}',
      '→ 401 {"error":"Who are you?"}',
    ],
  },
];

async function printed(recipe: Recipe): Promise<string[]> {
  const lines: string[] = [];
  await tell(recipe, (line) => {
    lines.push(line);
  });
  return lines;
}

describe("a recipe", () => {
  it.each(recipes)("prints what it is told to: $file", async ({ run, prints }) => {
    expect(await printed(run)).toEqual(prints);
  });

  it("is every program of this folder, and has a section in the README", () => {
    const files = globSync("*.ts", { cwd: import.meta.dirname });
    const programs = files.filter((file) => !file.endsWith(".test.ts") && read(file).includes("await standalone("));
    expect(programs.toSorted()).toEqual(recipes.map(({ file }) => file).toSorted());
    const readme = read("README.md");
    expect(
      programs.filter((file) => !new RegExp(`^## .*\\n\\n\\[\`${file}\`\\]\\(${file}\\)`, "m").test(readme)),
    ).toEqual([]);
  });
});

describe("fetch-retry inside of a scheme", () => {
  it("sends the credentials of the first attempt again, which a server that counts refuses (RFC 7616 §3.3, stale)", async () => {
    expect(await printed(fetchRetry.inside)).toEqual([
      "GET /busy 401 no credentials",
      "GET /busy 503 Digest",
      "GET /busy 401 Digest",
      "GET /busy 200 Digest",
      '→ {"you":"olivia"}',
    ]);
  });
});

describe("the service of hono.ts", () => {
  it("keeps tenants apart that ask at the same time", async () => {
    const reports = await printed(async (origin) => {
      const app = hono.service(origin);
      const keys = Array.from({ length: 10 }, () => ["key-of-red", "key-of-blue"]).flat();
      const responses = keys.map((key) => app.request("/report", { headers: { "x-api-key": key } }));
      return Promise.all(responses.map(async (response) => (await response).text()));
    });
    const pair = ['→ A report for {"you":"olivia"}', '→ A report for {"you":"finley"}'];
    expect(reports.slice(-20)).toEqual(Array.from({ length: 10 }, () => pair).flat());
  });

  it("answers 502 where the other service refuses, not with the 401 that is for itself", async () => {
    await using other = await startServer(() => ({ status: 401, headers: { "WWW-Authenticate": "Negotiate" } }));
    const app = hono.service(other.origin);
    const response = await app.request("/report", { headers: { "x-api-key": "key-of-red" } });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([502, null]);
  });
});

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}
