export { basicServer, type BasicServerOptions } from "./server/basic.ts";
export { type Echo, echoServer } from "./server/echo.ts";
export { type LoopbackServer, type ServerHandler, type ServerOptions, startServer } from "./server/loopback-server.ts";
export type { ReceivedRequest } from "./server/received-request.ts";
export { type Origins, type RedirectOptions, type RedirectServer, startOrigins } from "./server/redirect.ts";
export type { ServerReply } from "./server/server-reply.ts";
export type { Wire } from "./server/wire.ts";
