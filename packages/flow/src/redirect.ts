import { RedirectTargetError } from "./errors/redirect-target.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** @see https://fetch.spec.whatwg.org/#request-body-header-name */
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type", "content-length"];

/** The Location of a redirect that fetch would follow; `null` for any other response. */
export function locationOf(response: Response): string | null {
  return REDIRECTS.has(response.status) ? response.headers.get("location") : null;
}

/**
 * The URL that a redirect leads to: without user name and password, which a server has no business to choose, and with
 * the fragment of the present URL where it names none.
 *
 * @throws `ERR_AUTHFLOW_REDIRECT_TARGET` for what is no http(s) URL
 * @see https://fetch.spec.whatwg.org/#concept-response-location-url
 */
export function redirectTarget(location: string, from: string, response: Response, shown: string): URL {
  let to: URL;
  try {
    to = new URL(fromOctets(location), from);
  } catch {
    // Without the platform's error, which holds the whole Location.
    throw new RedirectTargetError(shown, "a Location that is no URL", response);
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw new RedirectTargetError(shown, `a ${to.protocol} URL`, response);
  }
  to.username = to.password = "";
  if (!to.hash) to.hash = new URL(from).hash;
  return to;
}

/**
 * Whether a redirect turns the request into a GET without a body.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch step 12
 */
export function becomesGet(status: number, method: string): boolean {
  const name = method.toUpperCase();
  return status === 303 ? name !== "GET" && name !== "HEAD" : (status === 301 || status === 302) && name === "POST";
}

/** Takes off what described a body that is no longer sent. */
export function dropBodyHeaders(headers: Headers): void {
  for (const name of BODY_HEADERS) headers.delete(name);
}

/** Header text is one code unit an octet; where the octets are UTF-8, as browsers expect of a Location, they are read so. */
function fromOctets(text: string): string {
  if (!/[^\x00-\x7f]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (octet) => octet.charCodeAt(0)));
  } catch {
    return text;
  }
}

/**
 * Makes a response read as one that fetch redirected: `url`, `redirected`, and so do its clones. The object stays the
 * one that the fetch inside gave.
 */
export function markRedirected(response: Response, url: string): Response {
  const properties = {
    url: { value: url.replace(/#.*$/s, ""), configurable: true },
    redirected: { value: true, configurable: true },
    clone: {
      // A clone made by the platform would lose the first two.
      value(this: Response): Response {
        return markRedirected((Object.getPrototypeOf(this) as Response).clone.call(this), url);
      },
      configurable: true,
      writable: true,
    },
  };
  // Reflect, since a mock may give a frozen response, and that is no reason to fail.
  for (const [name, property] of Object.entries(properties)) Reflect.defineProperty(response, name, property);
  return response;
}
