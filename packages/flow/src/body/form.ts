/** An entry of a form; a file may be of another library than the platform's. */
type Entry = readonly [name: string, value: string | File];

/**
 * A form, whoever's class it is of, as a Blob of parts: encoded once, so it has one boundary, and files are referred to,
 * not read, unless the platform can't.
 *
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function encodeForm(
  form: FormData,
  boundary: string = newBoundary(),
): { readonly body: Blob | Promise<Blob>; readonly type: string } {
  const type = `multipart/form-data; boundary=${boundary}`;
  const blob = blobOf(form, type, boundary);
  if (blob) return { body: blob, type };
  // A file of another library has to be read first.
  if (!(form instanceof FormData))
    return { body: readFiles(form).then((read) => blobOf(read, type, boundary) as Blob), type };
  // By way of the runtime, which reads what it can't refer to.
  const response = new Response(form);
  return { body: response.blob(), type: response.headers.get("content-type") ?? type };
}

/** `undefined` where the platform would write "[object File]" for a file, or leave it out, as Bun does with `Bun.file`. */
function blobOf(form: Iterable<Entry>, type: string, boundary: string): Blob | undefined {
  const parts: (string | Blob)[] = [];
  let files = 0;
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(newlines(name))}"`;
    if (typeof value === "string") {
      parts.push(`${head}\r\n\r\n${newlines(value)}\r\n`);
    } else {
      if (!(value instanceof Blob)) return undefined;
      const fileType = value.type || "application/octet-stream";
      parts.push(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${fileType}\r\n\r\n`, value, "\r\n");
      files += value.size;
    }
  }
  parts.push(`--${boundary}--\r\n`);
  const blob = new Blob(parts, { type });
  const text = new Blob(parts.filter((part) => typeof part === "string"));
  return blob.size === text.size + files ? blob : undefined;
}

function readFiles(form: Iterable<Entry>): Promise<Entry[]> {
  return Promise.all(
    [...form].map(async ([name, value]): Promise<Entry> => [
      name,
      typeof value === "string" ? value : new File([await value.arrayBuffer()], value.name, value),
    ]),
  );
}

// In lower case, since a Blob lower-cases its type.
function newBoundary(): string {
  return `----authflow${crypto.randomUUID().replaceAll("-", "")}`;
}

function newlines(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, "\r\n");
}

function quoted(text: string): string {
  return text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}
