import { expect, it } from "vitest";
import { Child } from "./child.ts";

it("the server answers by path, reads what it is sent, and counts", async () => {
  await using server = new Child("server.ts");
  const url = await server.next<string>();
  const answers: [string, RequestInit][] = [
    ["/open", {}],
    ["/protected", {}],
    ["/protected", { headers: { authorization: "Basic x" } }],
    ["/refused", { method: "PUT", body: "a".repeat(100_000), headers: { authorization: "Basic x" } }],
    ["/nowhere", {}],
  ];
  const statuses: number[] = [];
  for (const [path, init] of answers) {
    const response = await fetch(url + path, init);
    statuses.push(response.status);
    await response.text();
  }
  expect(statuses).toEqual([200, 401, 200, 401, 404]);
  const { requests, sockets } = await server.ask<{ requests: number; sockets: number }>("counts");
  expect(requests).toBe(5);
  expect(sockets).toBeGreaterThan(0);
});

it("a program that ends before it has sent anything is an error, with what it complained of", async () => {
  await using child = new Child("pair.ts", "no such case", "1");
  await expect(child.next()).rejects.toThrow(/pair\.ts no such case 1 ended and sent nothing\.[^]*There is no case/);
});
