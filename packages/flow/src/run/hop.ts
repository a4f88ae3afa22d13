import { ContentRequest } from "./content.ts";
import { type Guard, NO_GUARD } from "./guard.ts";

/** What the caller would send at one hop, if there were no scheme. */
export class Hop {
  /** The Request for the flows; its method and URL are as the platform spells them. */
  readonly request: ContentRequest;
  /** The method and the URL as the caller wrote them. */
  readonly method: string | undefined;
  readonly written: string;
  readonly user: string | undefined;
  /** The Content-Type that the platform would derive from the body, if the caller gave none. */
  readonly derivedType: string | undefined;
  #given: HeadersInit | undefined;
  #headers: Headers | undefined;
  #stock: Guard = NO_GUARD;

  constructor(
    url: string,
    written: string,
    method: string | undefined,
    given: HeadersInit | undefined,
    type: string | undefined,
    user: string | undefined,
  ) {
    const init: RequestInit = { redirect: "manual" }; // by which what a flow derives from it is known
    if (given !== undefined) init.headers = given;
    if (method !== undefined) init.method = method;
    this.request = new ContentRequest(url, init);
    this.written = written;
    this.method = method;
    this.user = user;
    this.#given = given;
    this.derivedType = type !== undefined && !this.request.headers.has("content-type") ? type : undefined;
    if (this.derivedType !== undefined) this.request.headers.set("content-type", this.derivedType);
  }

  /** Notes the headers that the flows find, to tell later what they have set; before the first flow runs. */
  takeStock(): void {
    this.#stock = [...this.request.headers];
  }

  /** The headers as they were then. */
  get stock(): Guard {
    return this.#stock;
  }

  /** The headers that the caller gave. Most calls end before anybody asks. */
  get headers(): Headers {
    if (!this.#headers) {
      this.#headers = new Headers(this.#given);
      if (this.derivedType !== undefined) this.#headers.set("content-type", this.derivedType);
    }
    return this.#headers;
  }
}

/** Headers as they are now: their caller may change them as soon as it has called. */
export function headersNow(headers: HeadersInit | null | undefined): HeadersInit | undefined {
  if (headers === null || headers === undefined) return undefined;
  // A plain object is the usual case, and a copy of it costs a tenth of a Headers.
  return Object.getPrototypeOf(headers) === Object.prototype
    ? ({ ...headers } as Record<string, string>)
    : new Headers(headers);
}
