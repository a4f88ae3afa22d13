import { ContentTooLargeError } from "../errors/content-too-large.ts";
import { InvalidBodyError } from "../errors/invalid-body.ts";
import { isThenable } from "../shape.ts";
import { tagOf } from "../tag.ts";
import type { BodySource } from "./body-source.ts";
import { encodeForm } from "./form.ts";
import { isBlob, isForm, isParams } from "./by-tag.ts";
import type { Bytes } from "../types.ts";

/** A body that is there as a whole: text, bytes, a Blob, a form. It is sent from where it is, as often as needed. */
export class FixedBody implements BodySource {
  type: string | undefined;
  #body: BodyInit | Promise<Blob>;
  #taken = false;

  /** @param small up to how many bytes are copied where they may change; more are kept as a Blob */
  constructor(body: BodyInit, small: number = Infinity) {
    const bytes = bytesOf(body);
    this.#body = bytes && bytes.byteLength > small ? asBlob(bytes) : body;
    this.type =
      typeof body === "string"
        ? "text/plain;charset=UTF-8"
        : isParams(body)
          ? "application/x-www-form-urlencoded;charset=UTF-8"
          : (isBlob(body) && body.type) || undefined;
  }

  /**
   * The platform takes a body when fetch is called, so its caller may change it as soon as fetch has returned; what is
   * sent later has to be what it was.
   */
  snapshot(): void {
    const body = this.#body;
    if (isForm(body)) this.#encode(body);
    else if (isParams(body)) this.#body = body.toString();
    else this.#body = bytesOf(body)?.slice() ?? body;
  }

  endTurn(): void {
    // Once it was sent, it is wanted again only for a redirect, for which the platform encodes a form anew as well.
    if (!this.#taken || !isForm(this.#body)) this.snapshot();
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
    if (isForm(this.#body)) this.#encode(this.#body);
    const body = await this.#body;
    if (isBlob(body) && body.size > limit) throw new ContentTooLargeError(limit);
    const bytes = new Uint8Array(await readable(body).arrayBuffer());
    if (bytes.byteLength > limit) throw new ContentTooLargeError(limit);
    // So has a Blob of another library, which not every fetch knows.
    if (isBlob(body) && !(body instanceof Blob)) this.#body = new Blob([bytes], { type: this.type ?? "" });
    return bytes;
  }

  #encode(form: FormData): void {
    const { body, type } = encodeForm(form);
    this.#body = body;
    this.type = type;
    // Whoever sends it is told that a file can't be read. Maybe nobody does.
    if (isThenable(body)) body.then(undefined, () => {});
  }

  settle(): void {}
  fail(): void {}
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength) // fetch refuses bytes that threads share
    : undefined;
}

/**
 * Bytes as they are now. The platform copies bytes for itself with each send, and sends a Blob from where it is: one copy
 * is made in either case.
 */
function asBlob(bytes: Uint8Array<ArrayBuffer>): BodyInit {
  const blob = new Blob([bytes]);
  // Beside a DOM that isn't the platform's (jsdom), Blob may be one that fetch would send as "[object Blob]".
  return new Response(blob).headers.has("content-type") ? bytes : blob;
}

/** @throws `ERR_AUTHFLOW_INVALID_BODY` for an object that a fetch may know; here it would be the text "[object …]" */
function readable(body: BodyInit | null): Blob | Response {
  if (isBlob(body)) return body;
  if (typeof body === "object" && body && !bytesOf(body) && !isParams(body)) {
    throw new InvalidBodyError(
      `The scheme asks for the body's content, and only the fetch inside may know that of this object (${tagOf(body)}). Give text, bytes, a Blob, a form or a stream.`,
    );
  }
  return new Response(body);
}
