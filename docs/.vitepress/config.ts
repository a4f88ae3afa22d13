// The site's set-up. Its pages are laid into .site by build.ts; nothing of it comes from another host.
import { defineConfig, type DefaultTheme } from "vitepress";
import { slugOf } from "../../scripts/docs/links.ts";
import { sections } from "../../scripts/site/contents.ts";
import { apiPages } from "../api-pages.ts";

/** Where the site stands on its host: "/" or "/authflow/". */
const base = process.env["DOCS_BASE"] ?? "/";
const found = sections();
const first = (title: string): string => `/${found.find((section) => section.title === title)?.pages[0]?.path ?? ""}`;

const sidebar: DefaultTheme.SidebarItem[] = found.map(({ title, pages, closed }) => ({
  text: title,
  collapsed: closed ?? false,
  items: pages.map(({ path, title: text }, index) => ({
    text: title === "Learn" ? `${index + 1}. ${text}` : text,
    link: `/${path}`,
  })),
}));
sidebar.splice(found.findIndex(({ title }) => title === "Reference") + 1, 0, {
  text: "API",
  collapsed: true,
  items: apiPages().map(({ name, path }) => ({ text: name, link: `/${path}` })),
});

// oxlint-disable-next-line import/no-default-export -- vitepress asks for it
export default defineConfig({
  title: "authflow",
  description: "Authentication for the standard fetch: every scheme a middleware, one coroutine runner.",
  lang: "en-GB",
  srcDir: ".site",
  outDir: ".vitepress/dist",
  base,
  head: [["link", { rel: "icon", href: `${base}mark.svg`, type: "image/svg+xml" }]],
  markdown: {
    anchor: { slugify: slugOf },
    theme: { light: "github-light-high-contrast", dark: "github-dark-dimmed" },
    toc: { level: [2, 3] },
  },
  themeConfig: {
    siteTitle: "authflow",
    logo: { src: "/mark.svg", alt: "" },
    nav: [
      { text: "Learn", link: first("Learn"), activeMatch: "^/learn/" },
      { text: "Schemes", link: first("Schemes"), activeMatch: "^/schemes/" },
      { text: "Coming from", link: first("Coming from"), activeMatch: "^/from/" },
      { text: "Reference", link: first("Reference"), activeMatch: "^/(packages|errors|api|runtimes)" },
      { text: "Security", link: first("Security"), activeMatch: "^/(security|leak-matrix)" },
    ],
    sidebar,
    outline: { level: [2, 3], label: "On this page" },
    search: {
      provider: "local",
      options: {
        // Files that pages lead to are shown, not searched.
        _render: (src, env, md) => (env.relativePath.startsWith("source/") ? "" : md.render(src, env)),
      },
    },
    docFooter: { prev: "Before", next: "Next" },
    externalLinkIcon: false,
  },
});
