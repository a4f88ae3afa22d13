// The productions of RFC 9110 §11 and §5.6.2. No pattern nests one repetition in another or puts two that match the same
// text side by side: each takes linear time and constant stack, whatever the text.

/** §5.6.2. */
export const TOKEN: RegExp = /^[!#$%&'*+.^_`|~\w-]+$/;

/** §11.2. */
export const TOKEN68: RegExp = /^[\w.~+/-]+=*$/;

/**
 * §11.2: the name, then what stands between the quotes, or else a bare value. A bare value is wider than a token, for the
 * many servers that send `realm=me@host` or a base64 nonce without quotes; it stops where somebody may have meant a
 * separator or a quote. That a quoted-string ends at the last quote is what `listElements` sees to.
 */
export const AUTH_PARAM: RegExp =
  /^([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"([\t -~\x80-\uffff]*)"|(?!=)([^\0- ",;\x7f]+))$/;

/** §11.3: the scheme, then a token68, or else what should be the first auth-param. */
export const CHALLENGE: RegExp = /^([!#$%&'*+.^_`|~\w-]+)(?:[ \t]+(?:([\w.~+/-]+=*)|([^]+)))?$/;

/** The start of an element that belongs to the challenge before it, whether it is well-formed or not. */
export const PARAM_LIKE: RegExp = /^[^ \t"=]+[ \t]*=/;
