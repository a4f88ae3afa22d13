/// <reference lib="esnext.disposable" preserve="true" />
import { NoRequestError } from "@authflow/flow";
import { WalkError } from "../errors/walk.ts";
import { plainResponse } from "./content.ts";
import type { FlowDriver, FlowEvent } from "./driver.ts";
import type { FlowReply, FlowStep } from "./step.ts";

/**
 * A flow that stands still after each of its requests, until it is answered. Requests that it sends by `context.send`
 * count as steps, too.
 */
export class SteppedFlow {
  readonly #name: string;
  readonly #driver: FlowDriver;
  readonly #requests: FlowStep[] = [];
  #now: FlowEvent | undefined;

  /** @internal `stepFlow` makes one */
  constructor(name: string, driver: FlowDriver) {
    this.#name = name;
    this.#driver = driver;
  }

  /** Every request so far, each as it was when it was sent. */
  get requests(): readonly FlowStep[] {
    return this.#requests;
  }

  /** Whether the flow ended. */
  get finished(): boolean {
    return this.#now?.what === "end" || this.#now?.what === "failure";
  }

  /** The Response that the flow itself returned, if it did. */
  get returned(): Response | undefined {
    return this.#now?.what === "end" ? this.#now.returned : undefined;
  }

  /**
   * What the caller gets: what the flow returned, or else the last response to the call's own request.
   *
   * @throws `ERR_AUTHFLOW_WALK` while the flow waits for a response
   * @throws `ERR_AUTHFLOW_NO_REQUEST` for a flow that ended with neither
   * @throws the error of the transport that the flow caught, if nothing came after it
   */
  get response(): Response {
    if (!this.finished) throw new WalkError(`The flow of "${this.#name}" has not ended: ${this.#position()}.`);
    const response = this.returned ?? this.#driver.last;
    if (!response) throw new NoRequestError(this.#name);
    if (response instanceof Error) throw response;
    return response;
  }

  /**
   * Runs the flow up to its next request.
   *
   * @param reply the answer to the request before it; none the first time
   * @returns the request, as it was when it was sent
   * @throws `ERR_AUTHFLOW_WALK` for a flow that ended instead
   * @throws what the flow throws
   */
  async next(reply?: FlowReply): Promise<FlowStep> {
    const step = await this.advance(reply);
    if (step) return step;
    const { length } = this.#requests;
    throw new WalkError(`The flow of "${this.#name}" was to send request ${length + 1}, but it ended after ${length}.`);
  }

  /**
   * Answers the last request.
   *
   * @returns what the caller gets
   * @throws `ERR_AUTHFLOW_WALK` for a flow that sends another request instead of ending
   * @throws what the flow throws
   */
  async end(reply: FlowReply): Promise<Response> {
    const step = await this.advance(reply);
    if (!step) return this.response;
    throw new WalkError(`The flow of "${this.#name}" was to end, but it sent ${step.method} ${step.url}.`);
  }

  /** Runs the flow up to its next request, or to its end: then there is none. */
  async advance(reply?: FlowReply): Promise<FlowStep | undefined> {
    const now = this.#now;
    if (!now) {
      if (reply) throw new WalkError(`The flow of "${this.#name}" has sent nothing yet: there is nothing to answer.`);
      this.#driver.start();
    } else if (now.what !== "request") {
      throw new WalkError(`The flow of "${this.#name}" ended: there is nothing to answer.`);
    } else if (!reply) {
      throw new WalkError(`The flow of "${this.#name}" can't go on: ${this.#position()}.`);
    } else {
      now.answer(this.#answerOf(typeof reply === "function" ? await reply(now.step) : reply));
    }
    const event = await this.#driver.next();
    this.#now = event;
    if (event.what === "request") {
      this.#requests.push(event.step);
      return event.step;
    }
    if (event.what === "failure") throw event.error;
    const response = event.returned ?? this.#driver.last;
    if (response && !(response instanceof Error)) plainResponse(response);
    return undefined;
  }

  /** Ends the flow where it stands, and runs its `finally`; what it throws then goes nowhere. */
  async close(): Promise<void> {
    const now = this.#now;
    if (this.finished) return;
    this.#now = { what: "end", returned: undefined };
    try {
      // One that waits for a `context.send` has to be let go, before it can be ended.
      if (now?.what === "request" && now.isSend) now.answer(new WalkError("The walk ended before this was answered."));
      await this.#driver.finish();
    } catch {
      // The flow has no say any more.
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #answerOf(given: Response | Error): Response | Error {
    if (given instanceof Error || typeof (given as Partial<Response> | undefined)?.status === "number") return given;
    throw new WalkError(
      `The flow of "${this.#name}" can't be answered with ${typeof given}. Give a Response, an Error, or a function that gives one.`,
    );
  }

  #position(): string {
    const step = this.#requests.at(-1);
    return step ? `it waits for a response to ${step.method} ${step.url}` : "it has not begun";
  }
}
