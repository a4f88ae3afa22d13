/** Where in a request a key goes. */
export interface Place {
  /** The name of the header field or query parameter that holds it. */
  readonly name: string;
  /** Puts the key there: gives the request back, or one derived from it. */
  put(request: Request): Request;
}
