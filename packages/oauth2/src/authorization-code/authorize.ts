/**
 * Shows a person the authorization server and gives the URL to which it sent them back, as it is: with its query.
 *
 * @param urlFor gives the URL to open, for the redirect URI to which the answer is to come (RFC 6749 §3.1.2)
 * @param options `signal` aborts when nobody waits for the login any more
 */
export type Authorize = (
  urlFor: (redirectUri: string | URL) => URL,
  options: { readonly signal: AbortSignal },
) => Promise<string | URL>;
