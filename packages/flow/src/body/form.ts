/**
 * A form as a Blob of parts: encoded once, so it has one boundary, and files are referred to, not read.
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function encodeForm(form: FormData, boundary: string = newBoundary()): Blob {
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(newlines(name))}"`;
    if (typeof value === "string") {
      parts.push(`${head}\r\n\r\n${newlines(value)}\r\n`);
    } else {
      const type = value.type || "application/octet-stream";
      parts.push(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value, "\r\n");
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

// In lower case, since a Blob lower-cases its type.
function newBoundary(): string {
  return `----authflow${crypto.randomUUID().replaceAll("-", "")}`;
}

function newlines(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, "\r\n");
}

function quoted(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
}
