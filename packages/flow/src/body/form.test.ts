// A FormData that may be sent again is encoded once, to a Blob made of parts.
// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { openAsBlob } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { runFlow } from "../index.ts";
import { encodeForm } from "./form.ts";

const boundaryOf = (type: string | null): string => /boundary=(\S+)$/.exec(type ?? "")?.[1] ?? "";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "\r", "\n", "\\", "%", "é", " ", ";", "=", "-", "a", "\ud83d") }),
);
const entry = fc.oneof(
  fc.record({ name: text, value: text }),
  fc.record({
    name: text,
    file: fc.record({
      content: fc.uint8Array({ maxLength: 50 }),
      // Node leaves an empty one out, against the standard, and then reads the file as text.
      name: text.filter((name) => name !== ""),
      type: fc.constantFrom<string>("", "text/plain", "Image/PNG", "text/plain;charset=utf-8"),
    }),
  }),
);

function formOf(entries: readonly (typeof entry extends fc.Arbitrary<infer E> ? E : never)[]): FormData {
  const form = new FormData();
  for (const one of entries) {
    if ("value" in one) form.append(one.name, one.value);
    else form.append(one.name, new File([Uint8Array.from(one.file.content)], one.file.name, { type: one.file.type }));
  }
  return form;
}

function encode(form: FormData, boundary?: string): Blob {
  const { body } = encodeForm(form, boundary);
  if (!(body instanceof Blob)) throw new Error("a file was left out");
  return body;
}

describe("a form, encoded", () => {
  it("has the bytes that the platform would send, for any names, values and files", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 4 }), async (entries) => {
        const form = formOf(entries);
        const platforms = new Response(form);
        const type = platforms.headers.get("content-type");

        const encoded = encode(form, boundaryOf(type));

        expect(new Uint8Array(await encoded.arrayBuffer())).toEqual(new Uint8Array(await platforms.arrayBuffer()));
        expect(encoded.type).toBe(type);
      }),
    );
  });

  it("reads as the same form on the other side", async () => {
    const form = formOf([
      { name: 'na"me', value: "line\nbreak, é" },
      { name: "file", file: { content: Uint8Array.of(0, 255, 13, 10), name: 'da"ta.bin', type: "image/png" } },
    ]);
    const encoded = encode(form);

    const parsed = await new Response(encoded).formData();

    const file = parsed.get("file") as File; // a file went in
    expect([...parsed.keys()]).toEqual(['na"me', "file"]);
    expect(parsed.get('na"me')).toBe("line\r\nbreak, é");
    expect([file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]]).toEqual([
      'da"ta.bin',
      "image/png",
      [0, 255, 13, 10],
    ]);
  });

  it("has a boundary in lower case, since a Blob lower-cases its type, and another one for each form", async () => {
    const types = [encode(new FormData()), encode(new FormData())].map(({ type }) => type);
    for (const type of types) {
      expect(type).toMatch(/^multipart\/form-data; boundary=[a-z\d-]{20,70}$/); // RFC 2046 §5.1.1: 70 at most
    }
    expect(types[0]).not.toBe(types[1]);
  });

  it("is as long as it says, so that it goes out with its Content-Length", async () => {
    const encoded = encode(formOf([{ name: "a", value: "é" }]));
    expect(encoded.size).toBe((await encoded.arrayBuffer()).byteLength);
  });

  it("refers to a file on disk, which is not read before it is sent", async () => {
    const folder = await mkdtemp(join(tmpdir(), "authflow-form-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "file.bin");
    await writeFile(path, "as it was");
    const form = new FormData();
    form.append("file", await openAsBlob(path), "file.bin");

    const encoded = encode(form);
    await writeFile(path, "as it is now, which is longer");

    // Node refuses a file that has changed since: had it been copied, this would be readable.
    await expect(encoded.text()).rejects.toThrow(/could not be read/);
  });

  it("loses no file where the runtime leaves it out of a Blob of parts, as Bun does with Bun.file", async () => {
    const Whole = Blob;
    vi.stubGlobal(
      "Blob",
      class extends Whole {
        constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
          super(
            parts.filter((part) => !(part instanceof File)),
            options,
          );
        }
      },
    );
    onTestFinished(() => void vi.unstubAllGlobals());
    const form = new FormData();
    form.append("file", new File(["the content"], "a.txt"));
    const bodies: string[] = [];
    const next = async (input: string, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      const body = await request.clone().text();
      expect(body).toContain(boundaryOf(request.headers.get("content-type")));
      bodies.push(body);
      return new Response(null, { status: request.headers.has("authorization") ? 200 : 401 });
    };

    await runFlow(answers, next)("https://example.com/", { method: "POST", body: form });

    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(body).toContain("the content");
    expect(bodies[1]).toBe(bodies[0]);
  });
});
