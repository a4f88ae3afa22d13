// Grants in which a person takes part: they are asked once for all calls, and have more time than a server.
import { waitFor } from "@authflow/flow";
import type { Grant, GrantContext, Obtain } from "./grant.ts";
import { keepTokens, type KeptTokens } from "./kept-tokens.ts";
import type { OAuth2Error } from "#oauth2-error";
import { needsLogin, reauthorize } from "./failures.ts";
import { sharedWork } from "./shared-work.ts";
import { tell } from "./tell.ts";
import type { TokenSet } from "./token-set.ts";
import { LONGEST } from "./wait.ts";

/**
 * Asks a person. Nobody else does meanwhile; there is no time limit, and no lock on a store is held.
 *
 * @returns gets the tokens that they allowed, once
 */
export type Ask = (context: GrantContext) => Promise<Obtain>;

/** Keeps the tokens of a grant that a person is asked for when there are none, or none that work. */
export const asking =
  (ask: Ask): ((...parts: Parameters<typeof keepTokens>) => KeptTokens) =>
  (grant, options, client) => {
    const { onFailed, onReauthorize, backOff = 1000 } = options;
    /** What was told of the tokens, and isn't told again of the login. */
    let told: unknown;
    let giveUp: ((reason: OAuth2Error) => void) | undefined;
    /** Gets tokens from nothing only when a person has just said yes. */
    const allowed: { -readonly [Member in keyof Grant]: Grant[Member] } = { ...grant };
    const tokens = keepTokens(
      allowed,
      {
        ...options,
        // That there are no tokens is news to nobody: a person is asked.
        onReauthorize: (event) => {
          if (event.error.error) onReauthorize?.(event);
        },
        onFailed: (event) => {
          if (needsLogin(event.error)) return;
          told = event.error;
          onFailed?.(event);
        },
      },
      client,
    );
    const login = sharedWork<TokenSet>(
      async ({ send, signal }) => {
        const givenUp = new Promise<never>((_, reject) => {
          giveUp = reject;
        });
        givenUp.catch(() => {});
        const asked = Promise.race([ask({ send, signal, deadline: undefined }), givenUp]);
        const obtain = await waitFor(asked, { signal });
        // Good once, and there until then: if the store fails now, the next call takes it.
        allowed.obtain = async (context) => {
          context.signal.throwIfAborted();
          delete allowed.obtain;
          return Promise.race([obtain(context), givenUp]);
        };
        tokens.forgive();
        const got = await Promise.race([tokens.get(send, signal), givenUp]);
        delete allowed.obtain; // somebody else's may have come first
        return got;
      },
      {
        timeLimit: LONGEST,
        backOff,
        onFailed(error) {
          tell(() => {
            if (error !== told) onFailed?.({ grant: grant.name, error, recovered: false });
          }, undefined);
        },
      },
    );
    return {
      async get(send, signal, refused) {
        try {
          return await tokens.get(send, signal, refused);
        } catch (error) {
          if (!needsLogin(error)) throw error;
          return login.join(send, signal);
        }
      },
      async take() {
        giveUp?.(reauthorize("The login was given up by `revoke`"));
        await login.settled();
        login.forgive();
        delete allowed.obtain;
        return tokens.take();
      },
    };
  };
