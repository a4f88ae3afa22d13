import { InvalidOptionError } from "@authflow/flow";
import { type Difference, ScriptError } from "../errors/script.ts";
import { assertStep } from "./assert-step.ts";
import { checkRequest, type CheckOptions } from "./check-request.ts";
import { shownUrl } from "./compare.ts";
import { incoming, type RecordedCall } from "./incoming.ts";
import { readBody } from "./read-body.ts";
import { answer } from "./reply.ts";
import type { ScriptStep } from "./step.ts";
import { untilAborted } from "./until-aborted.ts";

/** The state of a scripted fetch. */
export class Script {
  readonly #steps: readonly ScriptStep[];
  readonly #options: CheckOptions;
  readonly #calls: (RecordedCall | undefined)[] = [];
  /** What went wrong, also where a flow took it for an error of the transport and went on. */
  readonly #wrong: unknown[] = [];
  #index = 0;
  #used = 0;
  #open = 0;

  constructor(steps: readonly ScriptStep[], options: CheckOptions) {
    const isList: boolean = Array.isArray(steps); // as a name: it would make its steps `any`
    if (!isList) throw new InvalidOptionError("A script is a list of steps: [{ expect, reply }, …].");
    for (const [index, step] of steps.entries()) assertStep(step, index + 1, steps.length, options);
    this.#steps = [...steps];
    this.#options = options;
  }

  get calls(): readonly RecordedCall[] {
    return this.#calls.filter((call) => call !== undefined);
  }

  get left(): number {
    const optional = this.#steps.at(-1)?.times === Infinity ? 1 : 0;
    return Math.max(0, this.#steps.length - optional - this.#index);
  }

  done(): void {
    if (this.#wrong.length > 0) throw this.#wrong[0];
    if (this.left > 0) {
      const { method, url, path } = this.#steps[this.#index]?.expect ?? {};
      const missing = [method, url ?? path].filter((part) => part !== undefined).join(" ") || "any request";
      throw new ScriptError(
        `${this.left} of the ${this.#steps.length} steps of the script are left: step ${this.#index + 1} (${missing}) never came.`,
        { step: this.#index + 1 },
      );
    }
    if (this.#open > 0) {
      throw new ScriptError(`Calls that are not answered yet: ${this.#open}. Await or abort them before done().`);
    }
  }

  async call(
    input: string | URL | Request,
    init: RequestInit | undefined,
    rest: readonly unknown[],
  ): Promise<Response> {
    const { request, signal, record } = incoming(input, init, rest);
    if (signal?.aborted) {
      request.body?.cancel(signal.reason).catch(() => {});
      throw signal.reason;
    }
    const place = this.#calls.push(undefined) - 1;
    const number = this.#index + 1;
    const step = this.#take(); // at once: parallel calls take their steps in the order in which they come
    this.#open++;
    try {
      const outcome = await untilAborted(signal, async () => {
        const call = record(await readBody(request.body, step ?? {}, signal));
        this.#calls[place] = call;
        if (signal?.aborted) throw signal.reason; // what was read may be a part
        return this.#outcome(step, number, call);
      });
      if (outcome instanceof Error) throw outcome;
      return outcome;
    } finally {
      this.#open--;
    }
  }

  /** The response, or the error of the transport that the script wants; what is thrown speaks against the test. */
  async #outcome(step: ScriptStep | undefined, number: number, call: RecordedCall): Promise<Response | Error> {
    try {
      if (!step) {
        const { length } = this.#steps;
        throw new ScriptError(
          `${call.method} ${shownUrl(call.url)} is one request more than the ${length} that the script has.`,
        );
      }
      const differences = step.expect ? await checkRequest(step.expect, call, this.#options) : [];
      if (differences.length > 0) throw mismatch(number, this.#steps.length, differences);
      return await answer(step.reply, call);
    } catch (error) {
      if (!call.signal?.aborted) this.#wrong.push(error);
      throw error;
    }
  }

  #take(): ScriptStep | undefined {
    const step = this.#steps[this.#index];
    if (step && ++this.#used >= (step.times ?? 1)) [this.#index, this.#used] = [this.#index + 1, 0];
    return step;
  }
}

function mismatch(step: number, steps: number, differences: readonly Difference[]): ScriptError {
  const lines = differences.map(({ part, expected, actual }) => `  ${part}: expected ${expected}, got ${actual}`);
  return new ScriptError(`The request of step ${step} of ${steps} is not as expected.\n${lines.join("\n")}`, {
    step,
    differences,
  });
}
