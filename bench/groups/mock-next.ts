/** What a case sends through. */
export interface Next {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Makes the next response one that is given. */
  readonly answer: (response: Response) => void;
}

/**
 * Stands for the fetch inside: no network, no parsing. Each call makes a Response with a body, as any fetch does: with
 * one Response for all calls, what the runner keeps by Response would cost nothing.
 */
export class MockNext implements Next {
  readonly #responses: Response[] = [];

  readonly answer = (response: Response): void => {
    this.#responses.push(response);
  };

  readonly fetch = async (_input: string | URL | Request, _init?: RequestInit): Promise<Response> =>
    this.#responses.pop() ?? new Response("ok");
}
