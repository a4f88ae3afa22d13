// Who may log in, and the files in which each server keeps that.
import { createHash } from "node:crypto";

export interface Account {
  readonly username: string;
  readonly password: string;
}

export const REALM = "http-auth@example.org";

/** The account of RFC 7616 §3.9.1. */
export const mufasa: Account = { username: "Mufasa", password: "Circle of Life" };

/** Nothing of it is ASCII alone. */
export const juergen: Account = { username: "jürgen", password: "pässwörd" };

/** What has to be quoted in a header field, and a colon in the password. */
export const quoted: Account = { username: 'we"ird\\user', password: 'p:a"s\\s' };

const accounts = [mufasa, juergen, quoted];

/** `username:{SHA}…`, for Basic on Apache and nginx. */
export const htpasswd: string = lines(({ username, password }) => {
  return `${username}:{SHA}${createHash("sha1").update(password).digest("base64")}`;
});

/** `username:password`, for lighttpd. */
export const plain: string = lines(({ username, password }) => `${username}:${password}`);

/** `username:realm:H(A1)`, for Apache. */
export const htdigest: string = lines(({ username, password }) => {
  return `${username}:${REALM}:${hash("md5", `${username}:${REALM}:${password}`)}`;
});

/** `username:realm:H(A1):H(username:realm)`, for userhash on lighttpd (RFC 7616 §3.4.4). */
export const htdigestUserhash: string = lines(({ username, password }) => {
  const [a1, user] = [`${username}:${REALM}:${password}`, `${username}:${REALM}`].map((text) => hash("sha256", text));
  return `${username}:${REALM}:${a1}:${user}`;
});

function lines(line: (account: Account) => string): string {
  return accounts.map((account) => `${line(account)}\n`).join("");
}

function hash(algorithm: "md5" | "sha256", text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}
