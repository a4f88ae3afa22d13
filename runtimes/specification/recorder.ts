// Fetches that send nothing, for what a server can't see.

/** What a fetch was called with. */
export interface Call {
  readonly input: unknown;
  readonly init: RequestInit & Record<string, unknown>;
  readonly rest: readonly unknown[];
}

/** A fetch that notes its calls and answers with these statuses in turn, 200 after the last. */
export function recorder(...statuses: readonly number[]): {
  readonly next: (input: string | URL | Request, init?: RequestInit, ...rest: unknown[]) => Promise<Response>;
  readonly calls: readonly Call[];
  readonly responses: readonly Response[];
} {
  const calls: Call[] = [];
  const responses: Response[] = [];
  return {
    calls,
    responses,
    async next(input, init = {}, ...rest) {
      const status = statuses[calls.length] ?? 200;
      calls.push({ input, init: init as Call["init"], rest }); // an init may hold more than its type says
      const response = new Response(null, { status });
      responses.push(response);
      return response;
    },
  };
}
