/** What a netrc file says about a host. The login is the one that was asked for, or empty, where the entry has none. */
export interface NetrcCredentials {
  readonly login?: string;
  readonly password?: string;
  readonly account?: string;
}

/** A netrc file that was read. It keeps its secrets to itself: neither `inspect` nor JSON shows an entry. */
export interface Netrc {
  /**
   * The credentials for a host: those of its own entries, else those of `default`.
   *
   * @param host as in `URL.hostname`, in any letter case, IPv6 with or without brackets; never with a port
   * @param login only an entry for this login, or one without a login; no match means nothing
   * @returns the first entry that fits and says something, or `undefined`
   */
  find(host: string, login?: string): NetrcCredentials | undefined;
}

/** What a look-up reads of an entry. Without a host it is `default`. */
export interface NetrcEntry {
  readonly host: string | undefined;
  readonly login: string | undefined;
  readonly password: string | undefined;
  readonly account: string | undefined;
}

/**
 * The form in which hosts are compared: without the brackets of IPv6, and with the letters of ASCII in lower case, since
 * others don't occur in the host of a URL. A trailing dot counts, as it does for curl and Python.
 */
export const comparableHost = (host: string): string =>
  (host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host).replace(/[A-Z]+/g, (letters) =>
    letters.toLowerCase(),
  );

/** Which of the entries of one host speaks: the order of the file decides. */
export function choose<E extends NetrcEntry>(entries: readonly E[], login?: string): E | undefined {
  if (login === undefined) return entries.find((entry) => entry.login !== undefined || entry.password !== undefined);
  return (
    entries.find((entry) => entry.password !== undefined && (entry.login ?? login) === login) ??
    entries.find((entry) => entry.login === login)
  );
}

/** Look-ups in constant time over entries in the order of their file. */
export function netrcOf(entries: readonly NetrcEntry[]): Netrc {
  const byHost = new Map<string, NetrcEntry[]>();
  const defaults: NetrcEntry[] = [];
  for (const entry of entries) {
    const { host } = entry;
    if (host === undefined) defaults.push(entry);
    else if (!byHost.get(comparableHost(host))?.push(entry)) byHost.set(comparableHost(host), [entry]);
  }
  return {
    find(host, login) {
      const own = byHost.get(comparableHost(host));
      let entry = own && choose(own, login);
      // A host with an entry of its own never falls to `default`, even if that entry is empty: merging the two is how
      // curl came to send passwords to the wrong host (CVE-2024-11053). Only a login that none of them has looks further.
      if (own === undefined || login !== undefined) entry ??= choose(defaults, login);
      return entry && credentialsOf(entry, login);
    },
  };
}

function credentialsOf(entry: NetrcEntry, login: string | undefined): NetrcCredentials {
  const { password, account } = entry;
  return {
    login: entry.login ?? login ?? "",
    ...(password !== undefined && { password }),
    ...(account !== undefined && { account }),
  };
}
