// RFC 7616 §3.4: how an answer is written. `algorithm`, `qop`, `nc` and `userhash` go without quotes: servers of old tell
// `nc=00000001` from `nc="00000001"`.

/** RFC 9110 §5.6.4: a quoted-string. What is hashed is the text before that. */
export function quoted(octets: string): string {
  // Most need no change, and looking is cheaper than replacing nothing.
  return `"${/["\\]/.test(octets) ? octets.replace(/["\\]/g, "\\$&") : octets}"`;
}

/** The parameter that names the user, given in octets; `username*` (RFC 8187 §3.2) where that is wanted and it isn't ASCII. */
export function usernameParam(username: string, isExtended: boolean | undefined): string {
  return isExtended && /[^\0-\x7f]/.test(username)
    ? `username*=UTF-8''${username.replace(/\W/g, (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`)}`
    : `username=${quoted(username)}`;
}
