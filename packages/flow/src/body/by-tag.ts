import { tagOf } from "../tag.ts";

/** Whether a body is a form. (The `form-data` of npm calls itself one as well, and is a stream of Node's first days.) */
export function isForm(body: unknown): body is FormData {
  return tagOf(body) === "FormData" && Symbol.iterator in (body as object);
}

export function isParams(body: unknown): body is URLSearchParams {
  return tagOf(body) === "URLSearchParams";
}

export function isBlob<T>(body: T): body is T & Blob {
  return /^(Blob|File)$/.test(tagOf(body));
}
