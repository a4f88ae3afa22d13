import { InvalidOptionError } from "@authflow/flow";
import type { CheckOptions } from "./check-request.ts";
import type { AuthorizationExpectation, CredentialsExpectation, RequestExpectation } from "./expectation.ts";
import { assertMembers, type MembersOf } from "./members.ts";
import { assertReply } from "./reply.ts";
import type { ScriptStep } from "./step.ts";

const STEP: MembersOf<ScriptStep> = { expect: true, reply: true, times: true, reads: true, rest: true };
const PARTS: MembersOf<RequestExpectation> = {
  method: true,
  url: true,
  origin: true,
  path: true,
  headers: true,
  onlyHeaders: true,
  authorization: true,
  body: true,
  check: true,
};
const CREDENTIALS: MembersOf<CredentialsExpectation> = { scheme: true, params: true, token68: true, verify: true };

/**
 * Refuses a step that can't be followed when the script is made, not when a test is half through.
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function assertStep(step: ScriptStep, number: number, steps: number, options: CheckOptions): void {
  const at = `Step ${number} of the script`;
  assertMembers(step, STEP, step ? `${at} has` : `${at} is`);
  const { times = 1, reads = 0, reply, expect = {} } = step;
  assertReply(reply, at);
  assertMembers(expect, PARTS, `${at} expects`);
  if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
    throw new InvalidOptionError(`${at} is for ${times} requests. Give a whole number from 1 on, or Infinity.`);
  }
  if (times === Infinity && number < steps) {
    throw new InvalidOptionError(`${at} takes every request and leaves none for the next step. Make it the last.`);
  }
  if (times > 1 && (reply instanceof Response || ("body" in reply && reply.body instanceof ReadableStream))) {
    throw new InvalidOptionError(`${at} replies several times, but its body can be sent once. Reply with a function.`);
  }
  if (Number.isNaN(reads) || reads < 0) throw new InvalidOptionError(`${at} reads ${reads} bytes. Give 0 or more.`);
  const { origin, authorization = null } = expect;
  if (origin !== undefined && !Object.hasOwn(options.origins, origin) && !URL.canParse(origin)) {
    throw new InvalidOptionError(`${at} expects the origin "${origin}". Give it whole, or name it in \`origins\`.`);
  }
  assertAuthorization(authorization, at);
  if (wantsVerify(authorization) && !options.verify) {
    throw new InvalidOptionError(`${at} wants the credentials verified. Give the script a \`verify\` to do it with.`);
  }
}

function assertAuthorization(expected: AuthorizationExpectation, at: string): void {
  if (typeof expected !== "object" || expected === null || expected instanceof RegExp) return;
  if ("value" in expected) return;
  if ("oneOf" in expected) {
    for (const one of expected.oneOf) assertAuthorization(one, at);
    return;
  }
  if (typeof expected.scheme !== "string") {
    throw new InvalidOptionError(
      `${at} expects an authorization that can't be compared. Give a text, a pattern, null, { value }, { scheme } or { oneOf }.`,
    );
  }
  assertMembers(expected, CREDENTIALS, `${at} expects`);
}

function wantsVerify(expected: AuthorizationExpectation): boolean {
  if (typeof expected !== "object" || expected === null) return false;
  if ("oneOf" in expected) return expected.oneOf.some(wantsVerify);
  return "verify" in expected && expected.verify === true;
}
