// What the fetch standard promises and not every platform has. Each is tried out with bare fetch on every runtime, and has
// to turn out as the list of runtimes says: a gap in the table is a fact about the platform, or the run is red.
import type { Place } from "./place.ts";
import { deferred } from "./deferred.ts";
import { bytesStream } from "./streams.ts";

export type Ability =
  | "shown redirects"
  | "streamed uploads"
  | "early responses"
  | "cookie headers"
  | "refused redirects"
  | "unprompted challenges"
  | "unexposed headers"
  | "URLPattern"
  | "required modules";

interface AbilityFacts {
  /** What the platform does, where it doesn't have it. */
  readonly gap: string;
  /** What authflow does there. */
  readonly instead: string;
  /** Tries it out, with the platform's own fetch. */
  readonly isThere: (at: Place) => Promise<boolean>;
}

export const ABILITIES: Readonly<Record<Ability, AbilityFacts>> = {
  "shown redirects": {
    gap: 'Scripts can\'t see where a redirect leads: `redirect: "manual"` gives an opaque response with the status 0.',
    instead:
      "Redirects stay with the platform. It drops Authorization at another origin and takes other headers along; flows see the last response alone, and send nothing of their own to where it came from.",
    async isThere(at) {
      const response = await fetch(await at.redirect("/nowhere"), { redirect: "manual" });
      return response.status === 302 && response.headers.get("location") === "/nowhere";
    },
  },
  "streamed uploads": {
    gap: "A stream as a body is refused over HTTP/1.1.",
    instead:
      "The platform's TypeError comes out as it is, and nothing is sent, least of all an empty body. Blobs of any size are sent, and sent again.",
    async isThere(at) {
      const url = await at.here();
      const init: StreamInit = { method: "PUT", body: bytesStream(1), duplex: "half" };
      try {
        await fetch(url, init);
      } catch {
        return false;
      }
      return (await at.seen())[0]?.length === 1;
    },
  },
  "early responses": {
    gap: "A response isn't shown while a stream is still being sent.",
    instead:
      "A 401 is answered when the stream was sent, as long as that is within `replayLimit`. Larger ones need `probe` (Digest), or a body that is a function.",
    async isThere(at) {
      const url = await at.here({ status: 401, when: "at once" });
      const shown = deferred<void>();
      const timer = setTimeout(shown.resolve, 2000);
      let isEarly = true;
      const body = bytesStream(32 * 1024, { after: 16 * 1024, opens: shown.promise.then(() => (isEarly = false)) });
      const init: StreamInit = { method: "PUT", body, duplex: "half" };
      const seen = await fetch(url, init).then(
        () => isEarly,
        () => false,
      );
      clearTimeout(timer);
      shown.resolve();
      return seen;
    },
  },
  "cookie headers": {
    gap: "Scripts can't set the header Cookie: it is dropped in silence.",
    instead:
      "`apiKey({ cookie })` throws `ERR_AUTHFLOW_FORBIDDEN_HEADER` when it is made, instead of sending requests without their key.",
    isThere: async () => new Request("https://a.test/", { headers: { cookie: "a=1" } }).headers.has("cookie"),
  },
  "refused redirects": {
    gap: '`redirect: "error"` is not implemented: fetch throws a TypeError at once.',
    instead: "The TypeError comes out as it is: no redirect is followed, and nothing is sent.",
    async isThere(at) {
      try {
        return (await fetch(await at.here(), { redirect: "error" })).ok;
      } catch {
        return false;
      }
    },
  },
  "unprompted challenges": {
    gap: "Where a page asks its own origin, a 401 for Basic or Digest makes the browser ask its user, before a script sees it.",
    instead:
      '`credentials: "omit"` shows it to the scheme, which answers it. A scheme that sends credentials at once meets no 401, and at other origins the browser doesn\'t ask.',
    async isThere(at) {
      const url = await at.own({ status: 401, headers: { "WWW-Authenticate": 'Basic realm="r"' } });
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 2000);
      try {
        return (await fetch(url, { signal: controller.signal })).status === 401;
      } catch {
        return false;
      } finally {
        clearTimeout(timer);
      }
    },
  },
  "unexposed headers": {
    gap: "Of another origin's response a script sees only the headers that the server exposes, by `Access-Control-Expose-Headers`.",
    instead:
      "A 401 whose challenge isn't exposed comes back as it is. A scheme that sends credentials at once doesn't need it, and `bearer` takes such a 401 for a refusal with `bare401`.",
    async isThere(at) {
      const response = await fetch(await at.elsewhere({ headers: { "X-Hidden": "1" }, isUnexposed: true }));
      return response.headers.get("x-hidden") === "1";
    },
  },
  URLPattern: {
    gap: "There is no `URLPattern`.",
    instead: "Routes take texts and functions, and the URLPattern of a polyfill.",
    isThere: async () => "URLPattern" in globalThis,
  },
  "required modules": {
    gap: "There is no `require`: what runs is a bundle.",
    instead: "The bundle is made of the tarballs, under the runtime's own conditions.",
    isThere: async ({ installed }) => installed.require !== undefined,
  },
};

/** An init with the member that uploads of streams need, which the DOM's types lack. */
export type StreamInit = RequestInit & { duplex?: "half" };
