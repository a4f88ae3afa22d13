import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Two ports of 127.0.0.1 that are free at the moment; the first may be given. */
export async function freePorts(given?: number): Promise<[port: number, otherPort: number]> {
  // Both are held until both are known, else they could be one.
  const servers = await Promise.all([listening(given ?? 0), listening(0)]);
  // The address of a server that listens on a port is an object.
  const [port, otherPort] = servers.map((server) => (server.address() as AddressInfo).port) as [number, number];
  await Promise.all(servers.map(async (server) => once(server.close(), "close")));
  return [port, otherPort];
}

async function listening(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
