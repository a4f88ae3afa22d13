import { afterAll, beforeAll, beforeEach } from "vitest";
import { OAuthServer } from "./server/start.ts";

/** A server for the tests of a file, started before them and stopped behind. Each begins with an empty log. */
export function startedServer(): () => OAuthServer {
  let running: OAuthServer | undefined;
  const server = (): OAuthServer => {
    if (!running) throw new Error("The server is there in tests only.");
    return running;
  };
  beforeAll(async () => {
    running = await OAuthServer.start();
  });
  beforeEach(() => {
    Object.assign(server().settings, { accessTokenTTL: 3600, consents: true, speaksOpenID: true });
    server().told();
  });
  afterAll(async () => running?.stop());
  return server;
}
