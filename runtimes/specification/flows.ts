// The schemes that the promises are tried with.
import { type AuthScheme, defineScheme, type Scheme } from "@authflow/flow";

/** Sets a header, and sends once. */
export function header(name: string, value: string, more: Partial<AuthScheme> = {}): Scheme {
  return defineScheme({
    name: "header",
    ...more,
    *authFlow(request) {
      request.headers.set(name, value);
      yield request;
    },
  });
}

/** Sends a second time, with credentials, where it gets a 401. */
export const answering: Scheme = defineScheme({
  name: "answering",
  *authFlow(request) {
    const response = yield request;
    if (response.status !== 401) return;
    request.headers.set("authorization", "Test answer");
    yield request;
  },
});

/** Sends a second time in any case. */
export const twice: Scheme = defineScheme({
  name: "twice",
  *authFlow(request) {
    yield request;
    request.headers.set("x-step", "2");
    yield request;
  },
});
