/**
 * A form as a Blob of parts: encoded once, so it has one boundary, and files are referred to, not read.
 *
 * @returns `undefined` where the runtime leaves files out of a Blob of parts, as Bun does with `Bun.file`
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function encodeForm(form: FormData, boundary: string = newBoundary()): Blob | undefined {
  const parts: (string | Blob)[] = [];
  let files = 0;
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(newlines(name))}"`;
    if (typeof value === "string") {
      parts.push(`${head}\r\n\r\n${newlines(value)}\r\n`);
    } else {
      const type = value.type || "application/octet-stream";
      parts.push(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value, "\r\n");
      files += value.size;
    }
  }
  parts.push(`--${boundary}--\r\n`);
  const blob = new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
  const text = new Blob(parts.filter((part) => typeof part === "string"));
  return blob.size === text.size + files ? blob : undefined;
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
