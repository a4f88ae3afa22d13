import { digest } from "@authflow/digest";
import { expect, it } from "vitest";
import { describeOn } from "../describe-on.ts";
import { sending } from "../sending.ts";
import { mufasa } from "../servers/accounts.ts";
import { apache } from "../servers/apache.ts";

const KIB = 1024;

// WebDAV's PUT keeps what arrived, so the file shows what was sent the second time.
describeOn(apache, "digest, uploads", (server) => {
  const bytes = pattern(64 * KIB);

  it.each<[kind: string, body: () => BodyInit, content: Uint8Array]>([
    ["a string", () => "Grüße", new TextEncoder().encode("Grüße")],
    ["bytes", () => bytes, bytes],
    ["a Blob", () => new Blob([bytes.subarray(0, 100), bytes.subarray(100)]), bytes],
    ["a stream of 64 KiB", () => streamOf(bytes), bytes],
  ])("sends %s again after the challenge", async (kind, body, content) => {
    const path = `/dav/${kind.replaceAll(" ", "-")}`;
    const response = await digest(mufasa)(fetch)(server().url(path), sending("PUT", body()));
    expect(response.status).toBe(201);
    expect(await server().told(2)).toEqual([`PUT ${path}: 401`, `PUT ${path} with Digest: 201`]);
    expect(Buffer.from(await server().file(path)).equals(content)).toBe(true);
  });

  it.each<[kind: string, body: () => BodyInit]>([
    ["bytes", () => bytes],
    ["a stream", () => streamOf(bytes)],
  ])("sends a Request made of %s again after the challenge", async (kind, body) => {
    const path = `/dav/request-of-${kind.replaceAll(" ", "-")}`;
    const request = new Request(server().url(path), {
      ...sending("PUT", body()),
      headers: { "content-type": "application/octet-stream" },
    });
    const response = await digest(mufasa)(fetch)(request);
    expect(response.status).toBe(201);
    expect(await server().requests(2)).toMatchObject([
      { status: 401, contentType: "application/octet-stream" },
      { status: 201, contentType: "application/octet-stream" },
    ]);
    expect(Buffer.from(await server().file(path)).equals(bytes)).toBe(true);
  });

  it("sends a FormData with a file again after the challenge, with one boundary", async () => {
    const form = new FormData();
    form.set("name", "Grüße");
    form.set("file", new File([bytes], "bytes.bin", { type: "application/octet-stream" }));
    const response = await digest(mufasa)(fetch)(server().url("/dav/form"), { method: "PUT", body: form });
    expect(response.status).toBe(201);
    const [asked, answered] = await server().requests(2);
    expect(answered?.contentType).toMatch(/^multipart\/form-data; ?boundary=/);
    expect(answered?.contentType).toBe(asked?.contentType);
    expect(answered?.contentLength).toBe(asked?.contentLength);
    const sent = new Response(Buffer.from(await server().file("dav/form")), {
      headers: { "content-type": answered?.contentType ?? "" },
    });
    const arrived = await sent.formData();
    expect(arrived.get("name")).toBe("Grüße");
    const file = arrived.get("file");
    expect(file).toBeInstanceOf(File);
    expect(Buffer.from(await new Response(file).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it("sends once where the nonce is known", async () => {
    const authFetch = digest(mufasa)(fetch);
    await (await authFetch(server().url("/dav/index.txt"))).text();
    const response = await authFetch(server().url("/dav/warm"), sending("PUT", streamOf(bytes)));
    expect(response.status).toBe(201);
    expect((await server().told(3)).slice(2)).toEqual(["PUT /dav/warm with Digest: 201"]);
  });

  it.each([
    ["head", "HEAD"],
    ["empty", "PUT"],
  ] as const)("sends 8 MiB of a stream once, after a probe: %s", async (probe, method) => {
    const large = pattern(8 * KIB * KIB);
    const path = `/dav/large-${probe}`;
    const response = await digest({ ...mufasa, probe })(fetch)(server().url(path), sending("PUT", streamOf(large)));
    expect(response.status).toBe(201);
    expect(await server().told(2)).toEqual([`${method} ${path}: 401`, `PUT ${path} with Digest: 201`]);
    expect(Buffer.from(await server().file(path)).equals(large)).toBe(true);
  });
});

/** Octets of which no two stretches are alike for long. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = index * 31 + (index >> 8) * 17;
  return bytes;
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream();
}
