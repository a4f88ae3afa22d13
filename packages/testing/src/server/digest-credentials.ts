// RFC 7616 §3.4, read strictly: what a lenient server would let pass is an error here.

/** What is wrong with credentials, in words. */
export class MalformedCredentials extends Error {}

const QUOTED = new Set(["username", "realm", "nonce", "uri", "response", "cnonce", "opaque"]);
const BARE = new Set(["username*", "algorithm", "qop", "nc", "userhash"]);
const NEEDED = ["realm", "nonce", "uri", "response"];

// §3.4 and RFC 9110 §11.4: each parameter in the form that §3.4 gives it, separated by a comma, nothing else.
const PARAM = /([a-z]+\*?)=(?:"((?:[^"\\]|\\[^])*)"|([!#$%&'*+.^_`|~\w-]+))(?:, *|$)/y;

/**
 * Reads the parameters of an Authorization field.
 * @throws MalformedCredentials
 */
export function readCredentials(authorization: string): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  PARAM.lastIndex = /^Digest +/.exec(authorization)?.[0].length ?? refuse("it doesn't begin with Digest");
  while (PARAM.lastIndex < authorization.length) {
    const at = PARAM.lastIndex;
    const [match, name = "", quoted, bare] = PARAM.exec(authorization) ?? [];
    if (match === undefined) refuse(`it can't be read from character ${at + 1} on`);
    if (params.has(name)) refuse(`${name} is there twice`);
    if (quoted === undefined ? QUOTED.has(name) : BARE.has(name)) {
      refuse(`${name} is ${quoted === undefined ? "not quoted" : "quoted"}`);
    }
    params.set(name, quoted?.replace(/\\([^])/g, "$1") ?? bare ?? "");
  }
  checkTogether(params);
  return params;
}

/** Parameters that go together, or don't. */
function checkTogether(params: ReadonlyMap<string, string>): void {
  for (const name of NEEDED) if (!params.has(name)) refuse(`${name} is missing`);
  if (params.has("username") === params.has("username*")) refuse("it has to be either username or username*");
  if (params.has("username*") && params.has("userhash")) refuse("username* can't be hashed");
  if (params.has("userhash") && params.get("userhash") !== "true") refuse("userhash is not true");
  if (params.has("qop")) {
    if (!/^[\da-f]{8}$/.test(params.get("nc") ?? "")) refuse("nc is not eight hexadecimal digits");
    if (!params.get("cnonce")) refuse("cnonce is missing");
  } else if (params.has("nc")) {
    refuse("nc is there without a qop");
  }
}

function refuse(problem: string): never {
  throw new MalformedCredentials(problem);
}
