import { InvalidOptionError } from "@authflow/flow";
import { echo } from "./echo.ts";
import { type FaultName, FAULTS } from "./faults.ts";
import type { LoopbackServer, ServerOptions } from "./loopback-server.ts";
import { startServer } from "./start-server.ts";

export interface FaultyServerOptions extends ServerOptions {
  /** The `WWW-Authenticate` of every response with status 401. Default: `Basic realm="authflow"`. */
  readonly challenge?: string | undefined;
}

export interface FaultOptions {
  /** The response's status. With 401 the fault is for requests without an `Authorization`; the others are echoed. Default: 200. */
  readonly status?: number | undefined;
  /** How long the response's body is or would be, in bytes. Default: 10. */
  readonly bytes?: number | undefined;
}

/** A server that is slow or broken in the way that a URL says, and echoes every other request. */
export interface FaultyServer extends LoopbackServer {
  /** A URL that is answered with a fault. */
  fault(name: FaultName, options?: FaultOptions): string;
  /** Lets the requests that stall, now or later, go on. */
  release(): void;
}

/**
 * Starts a server that never answers, stalls, ends or resets connections, answers too early, doesn't read, or sends too
 * much: each at a URL of its own, and at a moment that the test decides, not a clock.
 *
 * @returns the server; close it, or declare it with `await using`
 *
 * @example
 * ```ts
 * import { faultyServer } from "@authflow/testing/server";
 *
 * await using server = await faultyServer();
 * const response = await fetch(server.fault("stalls-in-body"));
 * console.log(response.status); // → 200
 * server.release();
 * console.log(await response.text()); // → xxxxxxxxxx
 * ```
 */
export async function faultyServer(options: FaultyServerOptions = {}): Promise<FaultyServer> {
  const { challenge = 'Basic realm="authflow"' } = options;
  let release: (() => void) | undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await startServer((request, wire) => {
    const { pathname, searchParams } = new URL(request.url);
    const name = pathname.slice(1);
    const status = Number(searchParams.get("status"));
    const isAnswered = status === 401 && request.headers.has("authorization");
    if (!isFault(name) || isAnswered) return echo(request);
    const bytes = Number(searchParams.get("bytes"));
    const fields = status === 401 ? [["WWW-Authenticate", challenge] as const] : [];
    return FAULTS[name]({ request, wire, status, fields, bytes, released });
  }, options);
  return Object.assign(server, {
    fault(name: FaultName, { status = 200, bytes = 10 }: FaultOptions = {}): string {
      if (!isFault(name)) {
        throw new InvalidOptionError(
          `There is no fault "${String(name)}". There are ${Object.keys(FAULTS).join(", ")}.`,
        );
      }
      return server.url(`/${name}?status=${status}&bytes=${bytes}`);
    },
    release: (): void => release?.(),
  });
}

function isFault(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}
