import type { Behaviour, OriginName, Reply, Seen } from "../site/behaviour.ts";
import type { Installed } from "./packed.ts";

/** Where a runtime finds the site. */
export type Origins = Readonly<Record<OriginName, string>>;

/** What a case is given: the site, as if nobody else used it. */
export class Place {
  readonly origins: Origins;
  /** The packages as they are published. */
  readonly installed: Installed;
  readonly #name: string;
  #count = 0;

  /** @param name one that no other case of any runtime has */
  constructor(origins: Origins, installed: Installed, name: string) {
    this.origins = origins;
    this.installed = installed;
    this.#name = name;
  }

  /** A URL at the origin that is `here`, which answers with these replies in turn; without any it says 200. */
  here(...replies: readonly Reply[]): Promise<string> {
    return this.#serve("here", { replies });
  }

  /** The same at the origin of the page, where there is one. */
  own(...replies: readonly Reply[]): Promise<string> {
    return this.#serve("own", { replies });
  }

  /** The same at another origin. */
  elsewhere(...replies: readonly Reply[]): Promise<string> {
    return this.#serve("elsewhere", { replies });
  }

  /** A URL that wants a digest, and verifies it strictly. */
  digest(rules: Extract<Behaviour, { digest: unknown }>["digest"]): Promise<string> {
    return this.#serve("here", { digest: rules });
  }

  /** A URL here that refuses whatever Authorization it doesn't want. */
  wanting(wants: string, refusal: Reply): Promise<string> {
    return this.#serve("here", { wants, refusal });
  }

  /** A URL here that redirects. */
  redirect(location: string, status = 302): Promise<string> {
    return this.here({ status, headers: { Location: location } });
  }

  /** Every request of this case that reached the site so far, once it came in whole or was given up. */
  async seen(): Promise<Seen[]> {
    const response = await fetch(`${this.origins.own}/control/seen/${this.#name}`);
    return (await response.json()) as Seen[]; // site.ts wrote it
  }

  /** Waits until so many requests of this case have reached the site; their bodies may still be on their way. */
  async arrived(count: number): Promise<void> {
    await fetch(`${this.origins.own}/control/arrived/${this.#name}?count=${count}`);
  }

  async #serve(origin: OriginName, behaviour: Behaviour): Promise<string> {
    const number = ++this.#count;
    const { own } = this.origins;
    const body = JSON.stringify(behaviour);
    await fetch(`${own}/control/serve/${this.#name}?place=${number}`, { method: "POST", body });
    return `${this.origins[origin]}/at/${this.#name}/${number}`;
  }
}
