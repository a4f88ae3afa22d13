// Looks at the built site in headless Chromium, served on this machine: every link and anchor leads somewhere, nothing is
// said on the console, nothing is asked of another host, and no page is wider than a telephone. Leaves pictures in shots/.
//
//   node docs/look.ts            the site as it was built last
//   node docs/look.ts path …     and pictures of these pages as well: schemes/digest
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../scripts/workspace/chromium.ts";
import { filesBelow, root } from "../scripts/workspace/packages.ts";
import type { Problem } from "../scripts/workspace/problems.ts";

const built = join(root, "docs", ".vitepress", "dist");
const shots = join(root, "docs", "shots");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};
const WIDE = { width: 1280, height: 1500 };
const NARROW = { width: 390, height: 1500 };
const PICTURES = ["index", "schemes/digest"];

export interface Seen {
  readonly pages: number;
  readonly links: number;
  readonly problems: readonly Problem[];
}

/** Looks at every page. */
export async function look(executablePath: string, pictures: readonly string[] = []): Promise<Seen> {
  const playwright = await import("playwright-core"); // after the site's tools are there
  const server = await serve();
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const browser = await playwright.chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    return await lookAtAll(browser, origin, pictures);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function lookAtAll(browser: Browser, origin: string, pictures: readonly string[]): Promise<Seen> {
  const problems: Problem[] = [];
  const paths = filesBelow(built, /\.html$/).map((file) => file.slice(built.length).replaceAll("\\", "/"));
  const found = await seen(browser, NARROW, origin, problems, paths);
  const targets = new Map<string, string>();
  for (const [path, { links }] of found) for (const link of links) if (!targets.has(link)) targets.set(link, path);
  for (const [target, path] of targets) {
    const message = leadsNowhere(target, origin, found);
    if (message) problems.push({ at: path, rule: "link", message });
  }
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  for (const path of [...PICTURES, ...pictures]) await takePictures(browser, `${origin}/${path}.html`, path);
  return { pages: paths.length, links: targets.size, problems };
}

interface PageSeen {
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

async function seen(
  browser: Browser,
  viewport: { readonly width: number; readonly height: number },
  origin: string,
  problems: Problem[],
  paths: readonly string[],
): Promise<Map<string, PageSeen>> {
  const context = await browser.newContext({ viewport });
  // Pages fetch the pages that they lead to ahead of time, unless somebody counts bytes. All of them are opened here anyway.
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  });
  const found = new Map<string, PageSeen>();
  const left = [...paths];
  const lookOn = async (): Promise<void> => {
    const { page, at } = await watched(context, origin, problems);
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      at.path = path;
      await page.goto(origin + path, { waitUntil: "load" });
      await page.waitForFunction(() => "__vue_app__" in (document.querySelector("#app") ?? {})); // it has come alive
      const { links, anchors, wide } = await page.evaluate(() => ({
        links: Array.from(document.querySelectorAll("a[href]"), (link) => (link as HTMLAnchorElement).href),
        anchors: Array.from(document.querySelectorAll("[id]"), ({ id }) => id),
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      }));
      if (wide > 0)
        problems.push({ at: path, rule: "width", message: `is ${wide} px wider than ${viewport.width} px.` });
      found.set(path, { links, anchors: new Set(anchors) });
    }
  };
  await Promise.all([lookOn(), lookOn()]);
  await context.close();
  return found;
}

/** A page that reports what it says on the console, what fails, and what it asks of other hosts; `at` says where it is. */
async function watched(
  context: BrowserContext,
  origin: string,
  problems: Problem[],
): Promise<{ page: Page; at: { path: string } }> {
  const page = await context.newPage();
  const at = { path: "" };
  const report = (rule: string, message: string): number => problems.push({ at: at.path, rule, message });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) report("console", message.text());
  });
  page.on("pageerror", (error) => report("error", error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) report("request", request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) report("response", `${response.status()} ${response.url()}`);
  });
  return { page, at };
}

function leadsNowhere(target: string, origin: string, found: ReadonlyMap<string, PageSeen>): string | undefined {
  const url = new URL(target);
  if (url.origin !== origin) return undefined;
  const path = url.pathname.endsWith("/") ? `${url.pathname}index.html` : url.pathname;
  const page = found.get(path);
  if (!page) return existsSync(join(built, path)) ? undefined : `${path} isn't there.`;
  const anchor = decodeURIComponent(url.hash.slice(1));
  return anchor === "" || page.anchors.has(anchor) ? undefined : `${path} has no anchor "${anchor}".`;
}

async function takePictures(browser: Browser, url: string, name: string): Promise<void> {
  for (const [form, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ viewport, colorScheme });
      const page = await context.newPage();
      await page.goto(url, { waitUntil: "networkidle" });
      const file = `${name.replaceAll("/", "-")}-${form}-${colorScheme}.png`;
      await page.screenshot({ path: join(shots, file) });
      await context.close();
    }
  }
}

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = normalize(decodeURIComponent(pathname));
    const file = join(built, path.endsWith("/") ? `${path}index.html` : path);
    if (!file.startsWith(built) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "cache-control": "max-age=3600" });
    response.end(readFileSync(file));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

if (import.meta.main) {
  const program = findChromium();
  if (program === undefined) throw new Error("There is no Chromium here; CHROMIUM may name one.");
  const { pages, links, problems } = await look(program, process.argv.slice(2));
  for (const { at, rule, message } of problems) console.log(`${at}\n  ${rule}: ${message}`);
  console.log(`${pages} pages, ${links} links, ${problems.length} problems; pictures in docs/shots`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
