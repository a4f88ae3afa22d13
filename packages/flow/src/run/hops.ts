import type { BodySource } from "../body/body-source.ts";
import { cancel, drain } from "../body/drain.ts";
import { BodyNotReplayableError } from "../errors/body-not-replayable.ts";
import { RedirectHiddenError } from "../errors/redirect-hidden.ts";
import { TooManyRedirectsError } from "../errors/too-many-redirects.ts";
import { copyOf } from "../headers.ts";
import { becomesGet, dropBodyHeaders, locationOf, markRedirected, redirectTarget } from "../redirect.ts";
import { originOf } from "../shape.ts";
import type { Call } from "./call.ts";
import type { Onward } from "./drive.ts";
import { LiveExchange, type Sent } from "./exchange.ts";
import { CALLERS_OWN } from "./guard.ts";
import { Hop } from "./hop.ts";
import type { Message } from "./message.ts";
import { sawHiddenRedirect } from "./runtime.ts";

/** As often as fetch follows. */
const REDIRECT_LIMIT = 20;

/**
 * The redirects of a call, followed here: fetch would follow them inside, where a digest for the first URL is wrong for
 * the second and a custom header leaks.
 */
export class Hops implements Onward {
  readonly #call: Call;
  #hop: Hop;
  #body: BodySource | undefined;
  #count = 0;
  /** Headers that stay behind once the chain leaves the origin of the call. */
  #secretNames: readonly string[] = CALLERS_OWN;

  constructor(call: Call, first: Hop, body: BodySource | undefined) {
    this.#call = call;
    this.#hop = first;
    this.#body = body;
  }

  /** What is to be sent at the present hop. */
  message(): Message {
    if (this.#body) this.#hop.describe(this.#body.type);
    return { request: this.#hop.request, body: this.#body, hop: this.#hop };
  }

  /** What is to be sent after a response; `undefined` where the call ends with it. */
  after(response: Response): Message | Promise<Message> | undefined {
    const { follows, log } = this.#call;
    if (follows && response.type === "opaqueredirect") return this.#leaveToRuntime(response);
    const exchange = log.exchangeOf(response);
    if (!exchange) {
      log.attach(response); // a flow has made it
      return undefined;
    }
    // Only a response to the call's own request, as it stands now, is followed; and from where that request went.
    const sent = LiveExchange.sentIn(exchange);
    if (sent?.hop !== this.#hop) return undefined;
    const location = follows ? locationOf(response) : null;
    if (location !== null) return this.#follow(location, response, sent);
    if (this.#count > 0) markRedirected(response, sent.url);
    return undefined;
  }

  async #follow(location: string, response: Response, { url: from, headers: sent }: Sent): Promise<Message> {
    const { chain, secrets } = this.#call;
    const shown = secrets.redactUrl(from);
    const target = redirectTarget(location, from, response, shown);
    if (++this.#count > REDIRECT_LIMIT) {
      cancel(response);
      throw new TooManyRedirectsError(shown, REDIRECT_LIMIT);
    }
    const headers = copyOf(this.#hop.headers);
    let { method } = this.#hop;
    if (becomesGet(response.status, this.#hop.request.method)) {
      method = "GET";
      dropBodyHeaders(headers);
      this.#body?.fail(new Error("The redirect asks for a GET."));
      this.#body = undefined;
    } else if (this.#body?.replayable === false) {
      throw new BodyNotReplayableError(shown, response);
    }
    await drain(response);

    chain.moveTo(originOf(from)); // a flow may have sent the call elsewhere
    chain.moveTo(target.origin);
    // The caller's own of a name that a scheme sets is a credential, too.
    this.#secretNames = [...this.#secretNames, ...secrets.headerNames(sent, this.#hop)];
    if (chain.left) for (const name of this.#secretNames) headers.delete(name);
    const url = target.origin === chain.origin ? target.href : secrets.strip(target.href);
    this.#hop = new Hop(url, url, method, headers);
    return this.message();
  }

  /** The runtime hides redirects, contrary to what it looked like: from here on they are left to it. */
  #leaveToRuntime(response: Response): Message {
    cancel(response);
    sawHiddenRedirect();
    this.#call.follows = false;
    const { method, url } = this.#hop.request;
    if (method === "GET" || method === "HEAD") return this.message(); // once more, which these allow
    throw new RedirectHiddenError(this.#call.secrets.redactUrl(url), method);
  }
}
