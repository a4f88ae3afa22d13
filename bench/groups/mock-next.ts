/**
 * Stands for the fetch inside: no network, no parsing. Each call gets a Response of its own, as from any fetch: what the
 * runner keeps by Response would cost nothing, if it were the same one again.
 */
export class MockNext {
  #responses: Response[] = [];

  /** Makes the responses of the calls to come, so that no call pays for its own. */
  stock(count: number): void {
    this.#responses = Array.from({ length: count }, () => new Response(null));
  }

  /** Makes the next response one that is given. */
  answer(response: Response): void {
    this.#responses.push(response);
  }

  /** `next`. */
  readonly fetch = async (_input: string | URL | Request, _init?: RequestInit): Promise<Response> =>
    this.#responses.pop() ?? new Response(null);
}
