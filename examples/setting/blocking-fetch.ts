import { spawnSync } from "node:child_process";
import type { SyncSend } from "@authflow/flow";

/** What the process does: one request, which it is told by stdin, since others can read arguments. */
const PROGRAM = `
  import { text } from "node:stream/consumers";
  const { url, body, ...init } = JSON.parse(await text(process.stdin));
  const sent = body === undefined ? undefined : Buffer.from(body, "base64");
  const response = await fetch(url, { ...init, body: sent, redirect: "manual" });
  const content = Buffer.from(await response.arrayBuffer()).toString("base64");
  console.log(JSON.stringify({ status: response.status, headers: [...response.headers], content }));
`;

interface Answer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly content: string;
}

/**
 * A transport that blocks: a process of its own sends the request, and this one waits for its end. It stands for whatever
 * a program that can't wait has, such as a synchronous XMLHttpRequest.
 */
export const blockingFetch: SyncSend = ({ url, method, headers }, content) => {
  const body = content && Buffer.from(content).toString("base64");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    input: JSON.stringify({ url, method, headers: [...headers], body }),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The process that sends requests failed: ${stderr}`);
  const answer = JSON.parse(stdout) as Answer; // what the program above has written
  const bytes = Uint8Array.from(Buffer.from(answer.content, "base64"));
  const response = new Response(bytes, { status: answer.status, headers: answer.headers });
  Object.defineProperty(response, "url", { value: url });
  return Object.assign(response, { content: bytes });
};
