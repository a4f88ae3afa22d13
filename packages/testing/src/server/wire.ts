/** What a handler may do with the connection itself, below HTTP. After any of these but `ignoreBody`, nothing else is sent. */
export interface Wire {
  /** Leaves the request's body on the wire, so that a client that sends much has to stop. Call it before any `await`. */
  ignoreBody(): void;
  /** Sends bytes as they stand; text is one octet a character. */
  write(bytes: string | Uint8Array): void;
  /** Says that nothing more comes, after what was written. */
  end(): void;
  /** Cuts the connection with a reset: the client sees an error at once. */
  reset(): void;
  /** Says nothing, and keeps the connection. */
  keepSilent(): void;
}
