interface Globals {
  readonly document?: object;
  readonly importScripts?: unknown;
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly Deno?: object;
  readonly navigator?: { readonly userAgent?: string };
}

let hidden: boolean | undefined;

/**
 * Whether this runtime hides where a redirect leads, as browsers do: there `redirect: "manual"` gives an opaque
 * response, so redirects stay with the runtime.
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
 */
export function hidesRedirects(): boolean {
  hidden ??= looksLikeBrowser(globalThis);
  return hidden;
}

/** Remembers that an opaque redirect was seen where none was expected. */
export function sawHiddenRedirect(): void {
  hidden = true;
}

function looksLikeBrowser({ document, importScripts, process, Deno, navigator }: Globals): boolean {
  // Bun says that it is Node, too; jsdom has a document, and its fetch is Node's; workerd names itself.
  if (process?.versions?.node !== undefined || Deno || navigator?.userAgent === "Cloudflare-Workers") return false;
  return document !== undefined || importScripts !== undefined || navigator?.userAgent?.startsWith("Mozilla/") === true;
}
