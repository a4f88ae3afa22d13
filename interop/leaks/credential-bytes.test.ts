import { describe, expect, it } from "vitest";
import { credentialBytes } from "./credential-bytes.ts";

const MARKER = "pa55w0rd9c1e";
const twice = (text: string): string => encodeURIComponent(encodeURIComponent(text));

describe("the bytes of a credential in a request", () => {
  it.each([
    ["as it is", `x-api-key: ${MARKER}`],
    ["in upper case", `x-api-key: ${MARKER.toUpperCase()}`],
    ["beside what is percent-encoded", `GET /?key=${encodeURIComponent(`a/+${MARKER}`)}`],
    ["beside what is percent-encoded twice", `GET /?to=${twice(`?key=a/+${MARKER}`)}`],
    ["with an octet that needs no encoding", `GET /?key=%70a55w0rd9c1e`],
  ])("are those of its marker: %s", (_, text) => {
    expect(credentialBytes(text, [MARKER])).toBe(MARKER.length);
  });

  it.each([
    ["in base64", (run: string) => `authorization: Basic ${run}`],
    ["in a path of its own", (run: string) => `GET /17/${run}`],
    ["percent-encoded", (run: string) => `GET /?auth=${encodeURIComponent(run)}`],
    ["in a cookie", (run: string) => `cookie: a=1; session=${run}`],
  ])("are those of the whole run that it is hidden in: %s", (_, write) => {
    const run = Buffer.from(`finley:${MARKER}+/`).toString("base64");
    expect(credentialBytes(write(run), [MARKER])).toBeGreaterThanOrEqual(run.length);
    expect(credentialBytes(write(Buffer.from(`f:${MARKER}`).toString("base64url")), [MARKER])).toBeGreaterThan(0);
  });

  it("are counted each time, and for each credential", () => {
    expect(credentialBytes(`${MARKER} ${MARKER} t0ken`, [MARKER, "t0ken"])).toBe(2 * MARKER.length + 5);
  });

  it("are none where there is none", () => {
    const text = "GET /17/1?page=2&q=%70a55\nauthorization: Basic Zm9vOmJhcg==\nhost: 127.0.0.1\n\nbody";
    expect(credentialBytes(text, [MARKER])).toBe(0);
  });
});
