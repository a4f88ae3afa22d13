import { parseChallenges } from "@authflow/challenge";
import type { Difference } from "../errors/script.ts";
import { compareField, compareText, quote, withheld } from "./compare.ts";
import type { AuthorizationExpectation, CredentialsExpectation, VerifyCredentials } from "./expectation.ts";
import type { RecordedCall } from "./incoming.ts";
import { verdict } from "./verdict.ts";

const PART = 'header "authorization"';
/** Parameters that show nothing of the password, so that a message may show them. */
const PUBLIC = /^(realm|nonce|nc|qop|uri|algorithm|opaque|userhash|charset|username\*?)$/;

/** How the Authorization of a request differs from what was expected. */
export async function checkAuthorization(
  expected: AuthorizationExpectation,
  request: RecordedCall,
  verify: VerifyCredentials | undefined,
): Promise<Difference[]> {
  const actual = request.headers.get("authorization");
  if (expected === null || typeof expected === "string" || expected instanceof RegExp) {
    return compareField("authorization", expected, actual);
  }
  if ("value" in expected) return compareField("authorization", expected.value, actual);
  if ("oneOf" in expected) {
    const all: Difference[][] = [];
    for (const one of expected.oneOf) {
      const differences = await checkAuthorization(one, request, verify);
      if (differences.length === 0) return [];
      all.push(differences);
    }
    return all.flat();
  }
  return checkCredentials(expected, actual, request, verify);
}

async function checkCredentials(
  expected: CredentialsExpectation,
  actual: string | null,
  request: RecordedCall,
  verify: VerifyCredentials | undefined,
): Promise<Difference[]> {
  const [credentials, ...others] = actual === null ? [] : parseChallenges(actual, "authorization");
  if (!credentials || others.length > 0) {
    const found = actual === null ? "absent" : "something that is not one set of credentials";
    return [{ part: PART, expected: `${expected.scheme} credentials`, actual: found }];
  }
  if (credentials.scheme !== expected.scheme.toLowerCase()) {
    return [{ part: PART, expected: `${expected.scheme} credentials`, actual: `${credentials.scheme} credentials` }];
  }
  const differences: Difference[] = [];
  for (const [name, value] of Object.entries(expected.params ?? {})) {
    const found = credentials.params.get(name.toLowerCase()) ?? null;
    const compared = compareText(`${PART}, parameter ${quote(name)}`, value, found);
    const isPublic = found === null || value === null || PUBLIC.test(name.toLowerCase());
    differences.push(...compared.map((one) => (isPublic ? one : { ...one, actual: withheld(value, found) })));
  }
  if (expected.token68 !== undefined) {
    const found = credentials.token68 ?? null;
    const compared = compareText(`${PART}, token`, expected.token68, found);
    differences.push(
      ...compared.map((one) => (found === null ? one : { ...one, actual: withheld(expected.token68 ?? null, found) })),
    );
  }
  if (differences.length > 0) return differences;
  const prove = expected.verify === true ? verify : expected.verify;
  if (!prove) return [];
  return verdict(PART, "credentials that can be verified", () => prove(request, credentials));
}
