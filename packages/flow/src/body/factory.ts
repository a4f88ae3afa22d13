import type { BodySource } from "./body-source.ts";
import type { Bytes } from "../types.ts";

/** A body that its caller makes anew for each send. */
export class FactoryBody implements BodySource {
  readonly replayable = true;
  readonly #make: () => unknown;
  readonly #sourceOf: (made: unknown) => BodySource;
  #made: BodySource | undefined;
  #read = false;

  constructor(make: () => unknown, sourceOf: (made: unknown) => BodySource) {
    this.#make = make;
    this.#sourceOf = sourceOf;
  }

  get type(): string | undefined {
    return this.#made?.type;
  }

  async open(): Promise<BodyInit | null> {
    return (await this.#next()).open();
  }

  async content(limit: number): Promise<Bytes> {
    const bytes = await (await this.#next()).content(limit);
    this.#read = true; // these bytes are the body from here on: the factory might make others
    return bytes;
  }

  settle(signal: AbortSignal | undefined): void {
    this.#made?.settle(signal);
  }

  fail(reason: unknown): void {
    this.#made?.fail(reason);
  }

  async #next(): Promise<BodySource> {
    if (this.#read && this.#made) return this.#made;
    this.#made?.fail(new Error("The body is sent again."));
    return (this.#made = this.#sourceOf(await this.#make()));
  }
}
