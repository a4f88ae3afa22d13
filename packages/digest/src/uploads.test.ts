import { createHash } from "node:crypto";
import { digestServer, type Echo } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { digest } from "./index.ts";

const USER = { username: "finley", password: "secret" };
const KIB64 = Uint8Array.from({ length: 65_536 }, (_, index) => (index * 31 + (index >> 8)) % 256);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function chunks(bytes: Uint8Array<ArrayBuffer>, size = 4096): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

const form = (): FormData => {
  const data = new FormData();
  data.append("title", "ümläut");
  data.append("file", new File([KIB64.slice(0, 20_000)], "file.bin", { type: "application/octet-stream" }));
  return data;
};

describe("uploads survive a cold 401, byte for byte", () => {
  it.each<[string, () => RequestInit]>([
    ["a Blob", () => ({ body: new Blob([KIB64]) })],
    ["bytes", () => ({ body: KIB64 })],
    ["text", () => ({ body: "ü".repeat(10_000) })],
    ["a form", () => ({ body: new URLSearchParams({ a: "ü & b" }) })],
    ["a form with a file", () => ({ body: form() })],
    ["a stream of 64 KiB", () => ({ body: chunks(KIB64), duplex: "half" }) as RequestInit],
    ["a stream of one byte a chunk", () => ({ body: chunks(KIB64.slice(0, 200), 1), duplex: "half" }) as RequestInit],
    ["a factory of streams", () => ({ body: () => chunks(KIB64), duplex: "half" }) as unknown as RequestInit],
  ])("%s", async (_, init) => {
    await using server = await digestServer();
    const response = await digest(USER)(fetch)(server.url(), { method: "POST", ...init() });
    expect(response.status).toBe(200);
    const [asked, answered] = server.requests;
    expect(answered?.length).toBeGreaterThan(0);
    expect([answered?.length, answered?.sha256, answered?.complete]).toEqual([asked?.length, asked?.sha256, true]);
    expect(answered?.headers.get("content-type")).toBe(asked?.headers.get("content-type") ?? null);
    const { sha256: told } = (await response.json()) as Echo;
    expect(told).toBe(answered?.sha256);
  });

  it("a Request, of each kind of body", async () => {
    for (const body of [KIB64, new Blob([KIB64]), chunks(KIB64)]) {
      await using server = await digestServer();
      const request = new Request(server.url(), { method: "PUT", body, duplex: "half" } as RequestInit);
      const response = await digest(USER)(fetch)(request);
      expect(response.status).toBe(200);
      expect(server.requests.map((one) => one.sha256)).toEqual([sha256(KIB64), sha256(KIB64)]);
    }
  });

  it("a stream that is longer than what is recorded fails with the 401 in hand, never with a part", async () => {
    await using server = await digestServer();
    const init = { method: "PUT", body: chunks(KIB64), duplex: "half" } as RequestInit;
    const call = digest(USER)(fetch, { replayLimit: 1000 })(server.url(), init);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE", response: { status: 401 } });
    expect(server.requests).toHaveLength(1);
  });

  it("a long stream goes out once where the challenge is known", async () => {
    await using server = await digestServer();
    const authFetch = digest(USER)(fetch, { replayLimit: 1000 });
    await authFetch(server.url());
    const response = await authFetch(server.url(), {
      method: "PUT",
      body: chunks(KIB64),
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(200);
    expect(server.requests.map(({ length }) => length)).toEqual([0, 0, KIB64.length]);
  });
});
