import { ContentTooLargeError } from "../errors/content-too-large.ts";
import { encodeForm } from "./form.ts";
import type { BodySource } from "./body-source.ts";
import type { Bytes } from "../types.ts";

/** A body that is there as a whole: text, bytes, a Blob, a form. It is sent from where it is, as often as needed. */
export class FixedBody implements BodySource {
  type: string | undefined;
  #body: BodyInit | Promise<Blob>;
  readonly #keep: number;
  #taken = false;

  /** @param keep how many bytes are copied for a send after the first, where the body is sent once as a rule */
  constructor(body: BodyInit, keep = 0) {
    this.#body = body;
    this.#keep = keep;
    this.type =
      body instanceof URLSearchParams
        ? "application/x-www-form-urlencoded;charset=UTF-8"
        : typeof body === "string"
          ? "text/plain;charset=UTF-8"
          : body instanceof Blob && body.type
            ? body.type
            : undefined;
  }

  /**
   * The platform takes a body when fetch is called, so its caller may change it as soon as fetch has returned; what is
   * sent later has to be what it was.
   */
  snapshot(): void {
    const body = this.#body;
    if (body instanceof FormData) this.#encode(body);
    else if (body instanceof URLSearchParams) this.#body = body.toString();
    else if (body instanceof ArrayBuffer) this.#body = body.slice(0);
    else if (ArrayBuffer.isView(body)) {
      this.#body = new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
    }
  }

  endTurn(): void {
    const body = this.#body;
    const { byteLength = 0 } = body as Partial<ArrayBuffer>;
    // Once it was sent, it is wanted again only for a redirect; a form has gone out under its first boundary.
    if (!this.#taken || (byteLength <= this.#keep && !(body instanceof FormData))) this.snapshot();
  }

  get replayable(): boolean {
    // A stream of the time before async iteration is sent as it is, once.
    return !(this.#taken && typeof (this.#body as { pipe?: unknown } | null)?.pipe === "function");
  }

  open(): BodyInit | Promise<BodyInit> {
    this.#taken = true;
    return this.#body;
  }

  async content(limit: number): Promise<Bytes> {
    // A form has another boundary each time that it is encoded, so what is read here has to be what is sent.
    if (this.#body instanceof FormData) this.#encode(this.#body);
    const body = await this.#body;
    if (body instanceof Blob && body.size > limit) throw new ContentTooLargeError(limit);
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    if (bytes.byteLength > limit) throw new ContentTooLargeError(limit);
    return bytes;
  }

  #encode(form: FormData): void {
    const encoded = encodeForm(form);
    if (encoded) {
      this.#body = encoded;
      this.type = encoded.type;
    } else {
      // By way of the runtime, which reads what it can't refer to.
      const response = new Response(form);
      this.#body = response.blob();
      this.type = response.headers.get("content-type") ?? undefined;
    }
  }

  settle(): void {}
  fail(): void {}
}
