// A keep-alive server on loopback, in a process of its own so that it costs the client neither time nor memory.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tell } from "./child.ts";

const CHALLENGE = { "www-authenticate": 'Basic realm="bench", charset="UTF-8"' };
/** As long as a page that explains it to people. */
const REFUSAL = "Who are you? ".repeat(800);

const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  "/open": (_request, response) => response.end("hello"),
  "/protected": (request, response) =>
    request.headers.authorization === undefined ? refuse(response) : response.end("hello"),
  "/refused": (_request, response) => refuse(response),
};
const counts = { sockets: 0, requests: 0 };

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
  counts.requests++;
  // The whole body first: then a 401 is late, as from a server that looks at the Authorization of a finished upload.
  request.resume().on("end", () => {
    const answer = answers[request.url ?? ""];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
});
server.on("connection", () => counts.sockets++);
server.listen(0, "127.0.0.1", () => {
  // The address of a server that listens on TCP is no string.
  const { port } = server.address() as AddressInfo;
  tell(`http://127.0.0.1:${port}`);
});

process.on("message", () => tell(counts)); // the one thing that is asked
process.on("disconnect", () => process.exit());

function refuse(response: ServerResponse): void {
  response.writeHead(401, CHALLENGE).end(REFUSAL);
}
