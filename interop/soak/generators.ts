// Every generator of a scheme is counted: when it is made, and when it has run to its end, on whatever way.
import { defineScheme, type AuthScheme, type FlowContext, type FlowRequest, type Scheme } from "@authflow/flow";

/** How many generators there were, and how many of them are finished. */
export interface Tally {
  made: number;
  finished: number;
}

const KINDS: ReadonlySet<unknown> = new Set(["authFlow", "syncAuthFlow", "asyncAuthFlow"]);
const WAYS = ["next", "throw", "return"] as const;

type MakeFlow = (request: FlowRequest, context: FlowContext) => object;
type Step = (value: unknown) => IteratorResult<unknown> | Promise<IteratorResult<unknown>>;

/** The scheme itself, with its generators counted. */
export function counted(scheme: AuthScheme, tally: Tally): Scheme {
  return defineScheme(
    new Proxy(scheme, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member);
        if (!KINDS.has(member) || typeof value !== "function") return value;
        const make = value.bind(target) as MakeFlow; // it is one of the three
        return (request: FlowRequest, context: FlowContext) => watched(make(request, context), tally);
      },
    }),
  );
}

function watched(flow: object, tally: Tally): object {
  tally.made += 1;
  let isFinished = false;
  const finish = (): void => {
    if (!isFinished) tally.finished += 1;
    isFinished = true;
  };
  const note = (result: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (result.done) finish();
    return result;
  };
  const failed = (error: unknown): never => {
    finish();
    throw error;
  };
  for (const way of WAYS) {
    const step = (Reflect.get(flow, way) as Step).bind(flow); // a generator has all three
    Reflect.defineProperty(flow, way, {
      value: (value: unknown) => {
        try {
          const result = step(value);
          return result instanceof Promise ? result.then(note, failed) : note(result);
        } catch (error) {
          return failed(error);
        }
      },
    });
  }
  return flow;
}
