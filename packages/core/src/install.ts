import { InvalidOptionError } from "@authflow/flow";
import { createAuthFetch } from "./create-auth-fetch.ts";
import { withMembersOf } from "./members.ts";
import type { Route } from "./route.ts";
import type { AuthLike } from "./auth-like.ts";
import type { AuthFetchOptions } from "./types.ts";

type Common = Omit<AuthFetchOptions, "auth" | "fetch" | "origins" | "routes">;

/** `auth` for named origins, with or without routes beside it. */
interface ScopedByOrigins extends Common {
  readonly auth?: AuthLike | undefined;
  readonly origins: readonly string[];
  readonly routes?: readonly Route[] | undefined;
}

/**
 * Routes alone. It doesn't name `origins`: by an absent one the compiler would take what it is given for this, and blame a
 * pair for being no `null` instead of saying that `origins` is missing.
 */
interface ScopedByRoutes extends Common {
  readonly routes: readonly Route[];
  readonly auth?: null | undefined;
}

/** What `install` takes: the options of `createAuthFetch`, with the places named that credentials are for. */
export type InstallOptions = ScopedByOrigins | ScopedByRoutes;

/** A global fetch that authenticates, until it is uninstalled. */
export interface Installation {
  /** Takes this wrapper off, wherever it is: those that others have put around it, or it around, stay. */
  uninstall(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

type AnyFetch = typeof globalThis.fetch;

/** What one object of options has installed: its wrapper, as long as that authenticates. */
interface Installed {
  self: AnyFetch | undefined;
}

const installed = new WeakMap<InstallOptions, Installed>();
const wrappers = new WeakMap<AnyFetch, { readonly inside: AnyFetch; readonly isActive: () => boolean }>();

/**
 * Lets the global fetch authenticate, for code that can't be given another one.
 *
 * All code of the process shares the global fetch, so credentials need a scope: `origins` for `auth`, or `routes`.
 * Installing the same options object again changes nothing, and is undone by any of its installations.
 *
 * @param options those of `createAuthFetch` but `fetch`, with `origins` or `routes`
 * @returns what takes it off again, in any order and beside other wrappers; it can be declared with `using`
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` without a scope, without a global fetch, and for what `createAuthFetch` refuses
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no `auth`
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a user name or a password that Basic can't send
 *
 * @example
 * import { install } from "@authflow/core";
 *
 * globalThis.fetch = async (_url, init) => new Response(new Headers(init?.headers).get("authorization"));
 *
 * const { uninstall } = install({ auth: ["finley", "secret"], origins: ["https://api.example.com"] });
 * console.log(await (await fetch("https://api.example.com/")).text()); // → Basic ZmlubGV5OnNlY3JldA==
 * console.log(await (await fetch("https://example.org/")).text()); // →
 * uninstall();
 */
export function install(options: InstallOptions): Installation {
  assertScoped(options);
  const owner = installed.get(options) ?? { self: undefined };
  installed.set(options, owner);
  // Where it is not outermost it may be under somebody else's wrapper, or gone: a new one acts then, and the old one rests.
  if (owner.self !== globalThis.fetch) wrap(options, owner);
  const uninstall = (): void => {
    owner.self = undefined;
    unwrap();
  };
  return { uninstall, [Symbol.dispose]: uninstall };
}

function wrap(options: InstallOptions, owner: Installed): void {
  const inside = globalThis.fetch;
  const authFetch = createAuthFetch({ ...options, fetch: inside });
  const isActive = (): boolean => owner.self === self;
  const self: AnyFetch = withMembersOf(inside, (...input) => (isActive() ? authFetch : inside)(...input));
  wrappers.set(self, { inside, isActive });
  globalThis.fetch = owner.self = self;
}

/** Takes off what is outermost and done with. What is under somebody else's wrapper has to stay, and passes calls on. */
function unwrap(): void {
  let outermost = wrappers.get(globalThis.fetch);
  while (outermost && !outermost.isActive()) {
    globalThis.fetch = outermost.inside;
    outermost = wrappers.get(globalThis.fetch);
  }
}

function assertScoped(options: InstallOptions): void {
  // Whatever the types say.
  const { auth, fetch, origins, routes }: AuthFetchOptions = options ?? {};
  if (typeof globalThis.fetch !== "function") throw new InvalidOptionError("There is no global fetch to install on.");
  if (fetch !== undefined) {
    throw new InvalidOptionError("`install` wraps the global fetch. For another one, call createAuthFetch({ fetch }).");
  }
  if (!origins && (auth || !routes)) {
    throw new InvalidOptionError(
      'All code shares the global fetch: say where credentials may go, by `origins` (["https://api.example.com"]), which `auth` needs, or by `routes`.',
    );
  }
}
