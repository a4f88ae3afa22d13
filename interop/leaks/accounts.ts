// The credentials of the subjects: each has markers of its own, so that every byte is somebody's.
import type { Place } from "./places.ts";
import type { Credential, Setting } from "./subject.ts";

/** A user name and a password of a subject's own; the password has what encodings change. */
export const account = (owner: string): { readonly username: string; readonly password: string } => ({
  username: `us3rOf${owner}`,
  password: `p4ssw0rdOf${owner} +/%`,
});

/** What is looked for of it, and where it may be. */
export const partsOf = (owner: string, belongs?: readonly Place[]): readonly Credential[] =>
  [`us3rOf${owner}`, `p4ssw0rdOf${owner}`].map((marker) => ({ marker, ...(belongs && { belongs }) }));

/** As core takes it. */
export const pairOf = (owner: string): readonly [string, string] => [account(owner).username, account(owner).password];

/** A key that has what encodings change. */
export const key = (place: string): string => `k3yInThe${place}+/_`;
export const keyIn = (place: string): readonly Credential[] => [{ marker: `k3yInThe${place}` }];

export const hostOf = (origin: string): string => new URL(origin).hostname;

/** An entry of a netrc file. */
export const entry = (host: string, owner: string): string => {
  const { username, password } = account(owner);
  return `machine ${host} login ${username} password "${password}"\n`;
};

/** A netrc file names hosts, so an entry is for all ports of its host; over plain http not for a call that began over https. */
export const byHost = (owner: string, { from }: Setting): readonly Credential[] =>
  partsOf(owner, from === "secure" ? [from] : [from, "port", "secure", "issuer"]);

/** Another account, for the other hosts. */
export const elsewhere = (owner: string, { from }: Setting): readonly Credential[] =>
  partsOf(owner, from === "secure" ? [] : ["host", "name"]);
