/** Whether a value is a Request, whoever's class it is of. */
export function isRequest(value: unknown): value is Request {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Request).url === "string" &&
    typeof (value as Request).method === "string" &&
    hasHeaders(value)
  );
}

/** Whether a value is a Response, whoever's class it is of. */
export function isResponse(value: unknown): value is Response {
  return (
    typeof value === "object" && value !== null && typeof (value as Response).status === "number" && hasHeaders(value)
  );
}

function hasHeaders(value: object): boolean {
  return typeof (value as { headers?: { get?: unknown } }).headers?.get === "function";
}

/** The origin of a URL as the platform spells it, which has no user name in it. */
export function originOf(url: string): string {
  const end = url.indexOf("/", 8);
  return end < 0 ? url : url.slice(0, end);
}

/** Whether a promise has to be waited for. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === "function";
}
