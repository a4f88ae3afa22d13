/** Whom `basic` logs in, and when it may. */
export interface BasicOptions {
  /** The user-id; may be empty, may hold no colon. A `Uint8Array` is sent as it is. */
  readonly username: string | Uint8Array;
  /** The password; may be empty. A `Uint8Array` is sent as it is. */
  readonly password: string | Uint8Array;
  /** The octets that text becomes. `latin1` (ISO 8859-1) refuses what it can't encode. Default: `utf-8`. */
  readonly encoding?: "utf-8" | "latin1" | undefined;
  /**
   * Whether each request carries the credentials from the start. `false` waits for a challenge first, and sends them
   * unasked only where they were accepted before: at that path and below. Default: `true`.
   */
  readonly preemptive?: boolean | undefined;
  /** Whether a plain http request is refused before anything is sent; this machine itself is excepted. Default: `false`. */
  readonly requireHttps?: boolean | undefined;
  /** Where the credentials may go, such as `["https://api.example.com"]`. Default: the origin of each call. */
  readonly origins?: readonly string[] | undefined;
}
