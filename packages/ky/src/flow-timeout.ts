import { AuthError, InvalidOptionError } from "@authflow/flow";

/** What a timer can count to; beyond, it fires at once. */
const LONGEST = 2 ** 31 - 1;

/** `ERR_AUTHFLOW_TIMEOUT`: the flow of a request had not ended in time. ky's `isTimeoutError` knows it by its name. */
export class TimeoutError extends AuthError {
  /** The request as ky made it; not enumerable, so that no log prints its headers. */
  declare readonly request: Request;

  constructor(request: Request, timeout: number) {
    const { origin, pathname } = new URL(request.url);
    const url = origin + pathname;
    super(
      "ERR_AUTHFLOW_TIMEOUT",
      `${request.method} ${url} was not answered within ${timeout} ms, the exchanges of its scheme included. Give kyHooks a longer timeout, or false.`,
      { url },
    );
    Object.defineProperty(this, "request", { value: request });
  }

  override get name(): string {
    return "TimeoutError";
  }
}

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` for what is neither a number of milliseconds nor `false` */
export function checkTimeout(timeout: number | false): void {
  if (timeout === false || (timeout > 0 && timeout <= LONGEST)) return;
  throw new InvalidOptionError(`timeout has to be a number of milliseconds up to ${LONGEST}, or false for none.`);
}

/** Gives a request so long to be answered: up to the headers of its response, whose body may then take its time. */
export async function answeredWithin(
  timeout: number | false,
  request: Request,
  send: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  if (timeout === false) return send(request.signal);
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new TimeoutError(request, timeout));
  }, timeout);
  try {
    return await send(AbortSignal.any([request.signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}
