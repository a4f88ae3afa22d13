// What stands between a person and an authorization server: follows redirects and keeps cookies, one jar a person.
export class Browser {
  readonly #cookies = new Map<string, string>();

  /**
   * Opens a page, and goes where it is sent, as long as that is the same origin.
   *
   * @returns the last answer, with the URL to which it would have sent the browser elsewhere
   */
  async open(url: string, init?: RequestInit): Promise<{ readonly response: Response; readonly sentTo?: string }> {
    const response = await this.#fetch(url, init);
    const location = response.headers.get("location");
    if (location === null) return { response };
    const target = new URL(location, url);
    if (target.origin !== new URL(url).origin) return { response, sentTo: target.href };
    await response.arrayBuffer();
    return this.open(target.href);
  }

  /** Authorizes a client, as far as the server asks no more than it answers itself; gives the redirect URL with its query. */
  async authorize(url: string | URL): Promise<string> {
    const { response, sentTo } = await this.open(String(url));
    if (sentTo === undefined) throw new Error(`No redirect, but ${response.status}: ${await response.text()}`);
    return sentTo;
  }

  /** Types the code of a device in, and confirms it (RFC 8628 §3.3). */
  async enter(verificationUri: string, userCode: string): Promise<void> {
    const form = await (await this.open(verificationUri)).response.text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? "";
    const body = new URLSearchParams({ xsrf, user_code: userCode, confirm: "yes" });
    const { response } = await this.open(verificationUri, { method: "POST", body });
    const text = await response.text();
    if (!response.ok) throw new Error(`The code was not taken: ${response.status} ${text}`);
  }

  async #fetch(url: string, init?: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, { ...init, headers: { cookie }, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}
