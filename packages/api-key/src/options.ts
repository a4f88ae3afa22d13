/** A key in a header field of its own, or of a name that the API has for it. */
export interface HeaderKeyOptions extends KeyOptions {
  /** The name of the field; `true` is `X-API-Key`. With `authorization`, the value has whatever stands before the key, too. */
  readonly header: string | true;
  readonly query?: undefined;
  readonly cookie?: undefined;
}

/** A key in the query of each URL. */
export interface QueryKeyOptions extends KeyOptions {
  /** The name of the parameter; `true` is `api_key`. */
  readonly query: string | true;
  readonly header?: undefined;
  readonly cookie?: undefined;
}

/** A key in a cookie. Browsers let no script set one. */
export interface CookieKeyOptions extends KeyOptions {
  /** The name of the cookie. */
  readonly cookie: string;
  readonly header?: undefined;
  readonly query?: undefined;
}

/** What the key is and where in the request it goes: exactly one of `header`, `query` and `cookie`. */
export type ApiKeyOptions = HeaderKeyOptions | QueryKeyOptions | CookieKeyOptions;

interface KeyOptions {
  /** The key. Not empty, without control characters; the rest depends on where it goes. */
  readonly value: string;
  /** Whether a plain http request is refused before anything is sent; this machine itself is excepted. Default: `false`. */
  readonly requireHttps?: boolean | undefined;
  /** Where the key may go, such as `["https://api.example.com"]`. Default: the origin of each call. */
  readonly origins?: readonly string[] | undefined;
}
