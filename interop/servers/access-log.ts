// One line a request, in a format that all three servers can write: quoted fields, octets that aren't printable as \xhh.

/** What a server saw. */
export interface LoggedRequest {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  /** The client's port: requests that share it shared a connection. */
  readonly clientPort: number;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly contentType: string | undefined;
  readonly contentLength: string | undefined;
  /** In microseconds. Apache's threads log when they are done, so its lines may stand in another order. 0: not told. */
  readonly began: number;
}

/** In the notation of Apache, which lighttpd has, too. */
export const APACHE_FORMAT = [
  "%r",
  "%>s",
  "%{remote}p",
  "%{Host}i",
  "%{Authorization}i",
  "%{Cookie}i",
  "%{Content-Type}i",
  "%{Content-Length}i",
]
  .map((field) => String.raw`\"${field}\"`)
  .join(" ");

export const NGINX_FORMAT = [
  "$request",
  "$status",
  "$remote_port",
  "$http_host",
  "$http_authorization",
  "$http_cookie",
  "$content_type",
  "$content_length",
]
  .map((field) => `"${field}"`)
  .join(" ");

/** Reads the lines that are whole, in the order in which the requests began where the server says when that was. */
export function readLog(text: string): LoggedRequest[] {
  const requests = text.split("\n").slice(0, -1).map(readLine);
  return requests.toSorted((one, other) => one.began - other.began);
}

function readLine(line: string): LoggedRequest {
  const fields = Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, field = ""]) => unescaped(field));
  const [request = "", status, clientPort, host, authorization, cookie, contentType, contentLength, began = "0"] =
    fields;
  const [method = "", target = ""] = request.split(" ");
  if (fields.length < 8 || !target) throw new Error(`The access log has a line of another format: ${line}`);
  return {
    method,
    target,
    status: Number(status),
    clientPort: Number(clientPort),
    host: given(host),
    authorization: given(authorization),
    cookie: given(cookie),
    contentType: given(contentType),
    contentLength: given(contentLength),
    began: Number(began),
  };
}

/** For a field that a request doesn't have, the servers write a dash. */
function given(field: string | undefined): string | undefined {
  return field === "-" ? undefined : field;
}

function unescaped(field: string): string {
  return field.replaceAll(/\\(?:x([\dA-Fa-f]{2})|(.))/g, (_, octet: string | undefined, character: string) =>
    octet === undefined ? character : String.fromCharCode(Number.parseInt(octet, 16)),
  );
}

/** A request as one reads it aloud: `GET /basic/index.txt with Basic: 200`. */
export function told({ method, target, status, authorization }: LoggedRequest): string {
  const [scheme] = authorization?.split(" ") ?? [];
  return `${method} ${target}${scheme === undefined ? "" : ` with ${scheme}`}: ${status}`;
}
