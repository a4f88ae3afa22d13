import { ContentTooLargeError } from "../errors/content-too-large.ts";
import { encodeForm } from "./form.ts";
import type { BodySource } from "./body-source.ts";

/** A body that is there as a whole: text, bytes, a Blob, a form. It is sent from where it is, as often as needed. */
export class FixedBody implements BodySource {
  readonly type: string | undefined;
  readonly replayable = true;
  #body: BodyInit;

  constructor(body: BodyInit) {
    // URLSearchParams may change between two sends; their text does not.
    this.#body = body instanceof URLSearchParams ? body.toString() : body;
    this.type =
      body instanceof URLSearchParams
        ? "application/x-www-form-urlencoded;charset=UTF-8"
        : typeof body === "string"
          ? "text/plain;charset=UTF-8"
          : body instanceof Blob && body.type
            ? body.type
            : undefined;
  }

  open(): BodyInit {
    return this.#body;
  }

  async content(limit: number): Promise<Uint8Array<ArrayBuffer>> {
    // A form has another boundary each time that it is encoded, so what is read here has to be what is sent.
    if (this.#body instanceof FormData) this.#body = encodeForm(this.#body);
    if (this.#body instanceof Blob && this.#body.size > limit) throw new ContentTooLargeError(limit);
    const bytes = new Uint8Array(await new Response(this.#body).arrayBuffer());
    if (bytes.byteLength > limit) throw new ContentTooLargeError(limit);
    return bytes;
  }

  settle(): void {}
  fail(): void {}
}
