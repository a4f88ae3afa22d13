// RFC 8252 §7.3: the way back from the browser to a program on the same machine.
import { InvalidOptionError } from "@authflow/flow";
import type { Authorize } from "../authorization-code/authorize.ts";
import { LONGEST } from "../wait.ts";
import { OAuth2Error } from "#oauth2-error";
import { Listener } from "./listener.ts";
import { PAGE } from "./page.ts";

/** How a person gets to the authorization server, and how long they have. */
export interface LoopbackOptions {
  /**
   * Shows the person the URL: prints it, or opens it in their browser. Nothing waits for what it returns. A server chose parts
   * of the URL: give it to a program as an argument, and never to a shell.
   */
  readonly open: (url: URL) => unknown;
  /** The path of the redirect URI, for servers that compare it with one that is registered. Default: `/callback`. */
  readonly path?: string | undefined;
  /** The port, for servers that don't allow any (RFC 8252 §7.3 has them do so). Default: 0, one that is free. */
  readonly port?: number | undefined;
  /** How long the person has, in milliseconds. Default: 300,000, which is five minutes. */
  readonly timeLimit?: number | undefined;
  /** The HTML that is shown in the end. Default: a sentence that says to go back to the program. */
  readonly page?: string | undefined;
}

/**
 * Listens on this machine for the answer to one login: on 127.0.0.1 and no other interface, at a port that is free, from the
 * moment that the URL is shown until the answer is there, the time is over, or nobody waits for it any more.
 *
 * Whatever isn't the answer is refused and ends nothing: another path, method or host (a page that resolves its own name to
 * 127.0.0.1), and another `state`, so that no page can end a login by guessing the port.
 *
 * @param options `open` has to be given
 * @returns what `authorizationCode` takes as `authorize`
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for a path, port or time limit that is none
 * @throws `ERR_AUTHFLOW_OAUTH2_LOOPBACK`, from a login, if the port can't be listened at
 * @throws `ERR_AUTHFLOW_OAUTH2_EXPIRED`, from a login, if no answer came in time
 * @throws what `open` throws
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252#section-7.3 RFC 8252 §7.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252#section-8.3 RFC 8252 §8.3}
 *
 * @example
 * ```ts
 * import { loopback } from "@authflow/oauth2/loopback";
 *
 * // Stands for a browser in which somebody says yes: it comes back with a code.
 * const browser = async (url: URL) => {
 *   const { redirect_uri: back, state = "" } = Object.fromEntries(url.searchParams);
 *   await fetch(`${back}?${new URLSearchParams({ code: "SplxlO", state })}`);
 * };
 *
 * const authorize = loopback({ open: browser });
 * // As authorizationCode calls it, whose option it is:
 * const urlFor = (redirectUri: string | URL) => {
 *   const query = new URLSearchParams({ state: "xyz", redirect_uri: String(redirectUri) });
 *   return new URL(`https://auth.example.com/authorize?${query}`);
 * };
 * const back = await authorize(urlFor, { signal: AbortSignal.timeout(10_000) });
 * console.log(new URL(back).searchParams.get("code")); // → SplxlO
 * ```
 */
export function loopback(options: LoopbackOptions): Authorize {
  const { open, path = "/callback", port = 0, timeLimit = 300_000, page = PAGE } = options;
  if (typeof open !== "function") {
    throw new InvalidOptionError("`open` is a function that shows a person the URL that it is given.");
  }
  if (!/^\/[\w.~/-]*$/.test(path) || path.startsWith("//")) {
    throw new InvalidOptionError('`path` is the path of a URL, such as "/callback".');
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidOptionError("`port` is a whole number up to 65,535, or 0 for a port that is free.");
  }
  if (typeof timeLimit !== "number" || !(timeLimit > 0 && timeLimit <= LONGEST)) {
    throw new InvalidOptionError("`timeLimit` is a number of milliseconds above 0, and at most 24 days.");
  }
  if (typeof page !== "string") throw new InvalidOptionError("`page` is HTML, as a text.");

  return async (urlFor, { signal }) => {
    const listener = await Listener.open({ path, port, page });
    let timer: ReturnType<typeof setTimeout> | undefined;
    let abort: (() => void) | undefined;
    try {
      signal.throwIfAborted();
      const url = urlFor(listener.redirectUri);
      return await new Promise<URL>((resolve, reject) => {
        timer = setTimeout(() => reject(expired(timeLimit)), timeLimit);
        abort = (): void => reject(signal.reason as Error); // whatever the caller gave as reason
        signal.addEventListener("abort", abort, { once: true });
        listener.answer(url.searchParams.get("state")).then(resolve, reject);
        Promise.resolve(open(url)).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      if (abort) signal.removeEventListener("abort", abort);
      listener.close();
    }
  };
}

function expired(timeLimit: number): OAuth2Error {
  return new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_EXPIRED",
    `Nobody came back from the authorization server within ${timeLimit / 1000} s. Log in again, or raise \`timeLimit\`.`,
  );
}
