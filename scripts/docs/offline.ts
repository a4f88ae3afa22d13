// Loaded before a block of the documentation: nothing beyond this machine can be reached, so a block that needs the
// network fails at once and says so, on every machine alike.
import { Socket } from "node:net";

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/;
// oxlint-disable-next-line typescript/unbound-method -- called below with the socket as `this`
const connect = Socket.prototype.connect;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const host = hostOf(args);
  if (host !== undefined && !LOOPBACK.test(host)) {
    throw new Error(
      `This block reaches for ${host}. Blocks run offline: use a scripted fetch, or mark the block \`no-run\` and say why.`,
    );
  }
  return Reflect.apply(connect, this, args) as Socket; // the very method that was there
};

/** The host among the arguments of connect: (options), (port, host), or Node's own normalised [options, callback]. */
function hostOf([first, second]: readonly unknown[]): string | undefined {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options === "object" && options !== null) {
    if ("path" in options && typeof options.path === "string") return undefined; // a local socket
    return "host" in options && typeof options.host === "string" ? options.host : "localhost";
  }
  return typeof second === "string" ? second : "localhost";
}
