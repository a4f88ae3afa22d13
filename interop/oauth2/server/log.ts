import type { IncomingMessage, ServerResponse } from "node:http";

/** What a server was asked and how it answered, a line each, in the order of the answers. */
export class Log {
  readonly #grants = new WeakMap<IncomingMessage, { readonly grant: string; readonly error: string }>();
  #lines: string[] = [];

  /** Has the line of a request written as soon as it is answered. */
  record(request: IncomingMessage, response: ServerResponse): void {
    const [path] = (request.url ?? "").split("?");
    response.once("finish", () => {
      const { grant, error } = this.#grants.get(request) ?? { grant: "", error: "" };
      this.#lines.push(`${request.method} ${path}${grant}: ${response.statusCode}${error}`);
    });
  }

  /** What a token request asked for, and the error that it got; told before it is answered. */
  grant(request: IncomingMessage, params: unknown, error = ""): void {
    const { grant_type: type } = (params ?? {}) as { readonly grant_type?: string };
    this.#grants.set(request, { grant: ` ${type?.split(":").at(-1)}`, error: error && ` ${error}` });
  }

  take(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}
