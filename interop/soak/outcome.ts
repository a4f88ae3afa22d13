// What became of a call, and whether that may be.
import { isAuthError } from "@authflow/flow";
import { createHash } from "node:crypto";
import { arrives, type Plan } from "./plan.ts";
import { SourceError, type Subject } from "./subjects.ts";

export type Outcome = "whole" | "refused" | "aborted" | "typed error" | "platform's error" | "source's error" | "wrong";

export interface Judged {
  readonly outcome: Outcome;
  /** Why it may not be; only for what is wrong. */
  readonly why?: string;
  /** The code or the name of an error. */
  readonly error?: string;
}

/** Judges a response, which is read to its end. */
export async function judgeResponse(response: Response, plan: Plan, subject: Subject, sha256: string): Promise<Judged> {
  const text = await response.text();
  if (response.status === 401) {
    if (subject.mayBeRefused || plan.redirect?.way === "back") return { outcome: "refused" };
    return wrong(`${plan.subject}: refused without a reason`);
  }
  if (response.status !== 200) return wrong(`${plan.subject}: status ${response.status}`);
  if (hash(text) !== response.headers.get("x-sha256"))
    return wrong(`${plan.subject}: a response that is cut looks whole`);
  const got = JSON.parse(text) as { method: string; sha256: string }; // the soak's own
  const due = arrives(plan);
  const dueBody = due.hasBody ? sha256 : hash("");
  if (got.method === due.method && got.sha256 === dueBody) return { outcome: "whole" };
  return wrong(
    `${plan.subject}: ${plan.method} with ${plan.body.kind} arrived as ${got.method}, ${got.sha256 === dueBody ? "whole" : "another body"}`,
  );
}

/** Judges an error: of this toolkit, of the platform, of the caller, and each for a reason. */
export function judgeError(error: unknown, plan: Plan, subject: Subject, reason: unknown): Judged {
  if (error === reason)
    return plan.abortAfter === undefined ? wrong("an abort that nobody made") : { outcome: "aborted" };
  if (error instanceof SourceError) return { outcome: "source's error" };
  const outcome = isAuthError(error) ? "typed error" : isOfPlatform(error) ? "platform's error" : "wrong";
  if (outcome === "wrong") return wrong(`${plan.subject}: neither typed nor the platform's: ${String(error)}`);
  const hasReason = subject.shares || plan.faults.some((fault) => fault !== "none") || plan.redirect !== null;
  return hasReason
    ? { outcome, error: nameOf(error) }
    : wrong(`${plan.subject}: failed without a reason: ${said(error)}`);
}

/** fetch rejects with a TypeError, and a body with that or the error of the connection. */
function isOfPlatform(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}

/** What an error is told apart by: a code, else the one of the connection that broke, else its name. */
function nameOf(error: unknown): string {
  if (isAuthError(error)) return error.code;
  const { cause, name } = error as Error; // or a DOMException, which has a name
  return cause instanceof Error && "code" in cause ? String(cause.code) : name;
}

function wrong(why: string): Judged {
  return { outcome: "wrong", why };
}

function said(error: unknown): string {
  return error instanceof Error ? `${error.message} (${String(error.cause)})` : String(error);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
