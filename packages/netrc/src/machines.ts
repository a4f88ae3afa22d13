import { comparableHost, type Netrc, type NetrcEntry, netrcOf } from "./look-up.ts";

/** A table of machines by host, as `machines` of netrc-parser is one. */
export interface NetrcMachines {
  readonly [host: string]:
    | {
        readonly login?: string | undefined;
        readonly password?: string | undefined;
        readonly account?: string | undefined;
      }
    | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Look-ups in a table that somebody else holds, as it is at the time of each look-up. */
export function netrcOfMachines(machines: NetrcMachines): Netrc {
  return {
    find(host, login) {
      const wanted = comparableHost(host);
      const entries: NetrcEntry[] = [];
      // Own keys only: `constructor` is a host like any other. Of netrc-parser's table they are the hosts without `_tokens`.
      for (const key of Reflect.ownKeys(machines)) {
        if (typeof key !== "string" || comparableHost(key) !== wanted) continue;
        const machine = machines[key];
        entries.push({
          host: key,
          login: text(machine?.login),
          password: text(machine?.password),
          account: text(machine?.account),
        });
      }
      return netrcOf(entries).find(host, login);
    },
  };
}
