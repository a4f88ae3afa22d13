// What the site of the recipes serves: the smallest part of an API that each client has to do with.
import { DigestVerifier, type ReceivedRequest, type ServerReply } from "@authflow/testing/server";
import { answerMcp } from "./mcp-server.ts";
import { Tokens } from "./tokens.ts";

type Page = (request: ReceivedRequest) => ServerReply | Promise<ServerReply>;

/** Makes the pages of one site, with tokens, nonces and tempers of its own. */
export function makePages(): (request: ReceivedRequest) => Promise<ServerReply> {
  const verifier = new DigestVerifier({ accounts: { olivia: "secret", finley: "secret" } });
  const tokens = new Tokens(2);
  const mcpTokens = new Tokens(3);
  let isBusy = true;

  const withDigest =
    (page: Page): Page =>
    (request) => {
      const { method, target, headers } = request;
      const authorization = headers.get("authorization");
      const verdict = verifier.verify({ method, target, authorization, entity: () => request.sha256 });
      if (verdict.status === 200) return page(request);
      return json(verdict.status, { error: verdict.reason }, { "WWW-Authenticate": verdict.challenges });
    };
  const withToken =
    (page: Page, good: Tokens = tokens): Page =>
    (request) =>
      good.use(request.headers.get("authorization"))
        ? page(request)
        : json(401, { error: "invalid_token" }, { "WWW-Authenticate": 'Bearer realm="site", error="invalid_token"' });

  const pages: Readonly<Record<string, Page>> = {
    "/digest": withDigest((request) => json(200, { you: digestUser(request) })),
    // Has taken the credentials when it says that it is busy, which it is once.
    "/busy": withDigest((request) => {
      if (!isBusy) return json(200, { you: digestUser(request) });
      isBusy = false;
      return json(503, { error: "busy" });
    }),

    // The one endpoint that has no need of a token, since it issues them.
    "/token": () => json(200, { token: tokens.issue() }),
    "/token/mcp": () => json(200, { token: mcpTokens.issue() }),
    "/bearer": withToken(() => json(200, { you: "the owner of the token" })),
    "/graphql": withToken(({ text }) =>
      text.includes("viewer") ? json(200, { data: { viewer: { login: "olivia" } } }) : json(400, { errors: [] }),
    ),
    "/repos/olivia/site": withToken(() => json(200, { full_name: "olivia/site", private: true })),
    "/v1/chat/completions": withToken(({ text }) => (isStreaming(text) ? streamedCompletion() : completion())),

    // The client also asks for a stream of events, which a server need not have.
    "/mcp": (request) => (request.method === "GET" ? json(405, {}) : withToken(mcp, mcpTokens)(request)),
  };

  return async (request) => {
    await request.ended;
    return (await pages[new URL(request.url).pathname]?.(request)) ?? json(404, { error: "There is no such page." });
  };
}

function digestUser({ headers }: ReceivedRequest): string | undefined {
  return /username="(\w+)"/.exec(headers.get("authorization") ?? "")?.[1];
}

async function mcp({ url, method, headers, body }: ReceivedRequest): Promise<ServerReply> {
  const response = await answerMcp(new Request(url, { method, headers, body }));
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

function isStreaming(body: string): boolean {
  return (JSON.parse(body) as { stream?: boolean }).stream === true; // the client sends JSON
}

const CHAT = { id: "chat-1", created: 0, model: "parrot" };

function completion(): ServerReply {
  const message = { role: "assistant", content: "Hello.", refusal: null };
  const choices = [{ index: 0, message, finish_reason: "stop", logprobs: null }];
  return json(200, { ...CHAT, object: "chat.completion", choices });
}

/** The same word by word, as server-sent events. */
function streamedCompletion(): ServerReply {
  const events = ["Hel", "lo", "."].map((content) => {
    const choices = [{ index: 0, delta: { content }, finish_reason: null }];
    return `data: ${JSON.stringify({ ...CHAT, object: "chat.completion.chunk", choices })}\n\n`;
  });
  return {
    headers: { "Content-Type": "text/event-stream" },
    body: (async function* () {
      for (const event of [...events, "data: [DONE]\n\n"]) yield Buffer.from(event);
    })(),
  };
}

function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): ServerReply {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}
