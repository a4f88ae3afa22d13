// An MCP client: the `fetch` of its transport. The token expires within the session, and the session doesn't notice.
import { bearer } from "@authflow/bearer";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { standalone } from "./recipe.ts";
import { tokenFrom } from "./token-from.ts";

export async function run(origin: string): Promise<string> {
  const scheme = bearer(() => tokenFrom(`${origin}/token/mcp`));
  const transport = new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { fetch: scheme(fetch) });
  const client = new Client({ name: "recipe", version: "1.0.0" });
  await client.connect(transport);

  await client.callTool({ name: "greet", arguments: { name: "Finley" } }); // the last one that this token is good for
  const { content } = await client.callTool({ name: "greet", arguments: { name: "Olivia" } });
  await client.close();
  return JSON.stringify(content);
}

await standalone(import.meta.url, run);
