/** What a case sends through. */
export interface Next {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Makes the next response one that is given. */
  readonly answer: (response: Response) => void;
}

/**
 * Stands for the fetch inside: no network, no parsing. Each call gets a Response of its own, as from any fetch: what the
 * runner keeps by Response would cost nothing, if it were the same one again.
 */
export class MockNext implements Next {
  #responses: Response[] = [];

  /** Makes the responses of the calls to come, so that no call pays for its own. */
  stock(count: number): void {
    this.#responses = Array.from({ length: count }, () => new Response(null));
  }

  readonly answer = (response: Response): void => {
    this.#responses.push(response);
  };

  readonly fetch = async (_input: string | URL | Request, _init?: RequestInit): Promise<Response> =>
    this.#responses.pop() ?? new Response(null);
}
