import { contentRequest } from "./content.ts";
import { copyOf } from "../headers.ts";
import { originOf } from "../shape.ts";
import type { FlowRequest } from "../types.ts";

/** What the caller would send at one hop, if there were no scheme. */
export class Hop {
  /** The Request for the flows; its method and URL are as the platform spells them. */
  readonly request: FlowRequest;
  /** Of that Request, which serialises it anew each time that it is asked. */
  readonly url: string;
  readonly origin: string;
  /** The method and the URL as the caller wrote them. */
  readonly method: string | undefined;
  readonly written: string;
  /** The Content-Type that the platform would derive from the body, if the caller gave none. */
  derivedType: string | undefined;
  readonly #given: GivenHeaders | undefined;
  #headers: Headers | undefined;

  constructor(url: string, written: string, method: string | undefined, given: GivenHeaders | undefined) {
    const init: RequestInit = { redirect: "manual" }; // by which what a flow derives from it is known
    if (given instanceof Headers) init.headers = given;
    if (method !== undefined) init.method = method;
    this.request = contentRequest(url, init);
    // Appending costs half of what the platform takes to read an object.
    if (given && !(given instanceof Headers)) {
      const { headers } = this.request;
      for (const name of Object.keys(given)) headers.append(name, given[name] as string); // whatever it is, as the platform reads it
    }
    this.url = this.request.url;
    this.origin = originOf(this.url);
    this.written = written;
    this.method = method;
    this.#given = given;
  }

  /** Tells the flows of the type that the body has, where the caller says nothing of it. */
  describe(type: string | undefined): void {
    if (type === undefined || this.request.headers.has("content-type")) return;
    this.derivedType = type;
    this.request.headers.set("content-type", type);
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

/** Headers that their caller can't change any more. */
type GivenHeaders = Headers | Readonly<Record<string, string>>;

/** Headers as they are now: their caller may change them as soon as it has called. */
export function headersNow(headers: HeadersInit | null | undefined): GivenHeaders | undefined {
  if (headers === null || headers === undefined) return undefined;
  // A plain object is the usual case, and a copy of it costs a tenth of a Headers.
  if (Object.getPrototypeOf(headers) === Object.prototype) return { ...(headers as Record<string, string>) };
  return headers instanceof Headers ? copyOf(headers) : new Headers(headers);
}
