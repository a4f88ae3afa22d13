// Where the server keeps its tokens: the interface is oidc-provider's, whose own memory forgets nothing on demand.
import type { Adapter, AdapterPayload } from "oidc-provider";

type Kind = string;

/** Everything that one server has issued. */
export class Memory {
  readonly #kept = new Map<Kind, Map<string, AdapterPayload>>();

  /** Forgets every token of a kind, as a server does that has restarted, or that revoked them. */
  forget(kind: Kind): void {
    this.#kept.get(kind)?.clear();
  }

  adapter(kind: Kind): Adapter {
    const kept = new Map<string, AdapterPayload>();
    this.#kept.set(kind, kept);
    const findBy = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...kept.values()].find(matches);
    return {
      upsert: async (id, payload) => void kept.set(id, payload),
      find: async (id) => kept.get(id),
      findByUid: async (uid) => findBy((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const payload = kept.get(id);
        if (payload) payload["consumed"] = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void kept.delete(id),
      revokeByGrantId: async (grantId) => {
        for (const [id, payload] of kept) if (payload.grantId === grantId) kept.delete(id);
      },
    };
  }
}
