import { type Challenge, parseChallenges } from "@authflow/challenge";
import type { AsyncFlow, AuthScheme, FlowResponse, SyncFlow } from "@authflow/flow";

/** One of the schemes that a server may ask for. */
export interface Member {
  readonly scheme: AuthScheme;
  /** 0 is the strongest. */
  readonly rank: number;
  /** Where it may act; `undefined`: everywhere. */
  readonly origins: ReadonlySet<string> | undefined;
}

/** What is known of an origin. */
export interface Memory {
  /** What a server there was content with. */
  used?: Member | undefined;
  /** The strongest that was asked for and answered: no weaker one is used again. */
  floor: number;
}

export type Step = IteratorResult<Request, Response | void>;
type Flow = SyncFlow | AsyncFlow;

/**
 * The schemes of the IANA registry. One that bears such a name is asked only where a server names it: a flow may begin
 * with a login that nobody wants for nothing.
 * @see https://www.iana.org/assignments/http-authschemes/
 */
const REGISTERED =
  /^(basic|bearer|concealed|digest|dpop|gnap|hoba|mutual|negotiate|oauth|privatetoken|scram-sha-1|scram-sha-256|vapid)$/i;

/** One call's way to the scheme that answers. It drives the flows of schemes, and knows nothing of what they do. */
export class Negotiation {
  /** What begins, without being asked. */
  readonly remembered: Member | undefined;
  /** The flow that was followed last was left, since a stronger scheme may answer. */
  interrupted = false;
  readonly #request: Request;
  readonly #members: readonly Member[];
  readonly #memory: Memory;
  readonly #given: readonly (readonly [string, string])[];
  readonly #tried = new Set<Member>();
  #current: Member | undefined;
  #challenge: FlowResponse | undefined;
  /** The Authorization that was sent last. */
  #refused: string | null = null;
  #sentOwn = true;

  constructor(request: Request, members: readonly Member[], memory: Memory) {
    this.#request = request;
    this.#members = members;
    this.#memory = memory;
    this.#given = [...request.headers];
    this.remembered = this.#current = memory.used;
  }

  /** The response to answer. */
  get challenge(): FlowResponse {
    return this.#challenge as FlowResponse; // nobody asks before there is one
  }

  /**
   * A flow, for `yield*`, which begins with the step that it has taken already, and ends early where a response asks for
   * something stronger.
   */
  follow(flow: SyncFlow, known?: Step): SyncFlow;
  follow(flow: Flow, known?: Step): AsyncFlow;
  follow(flow: Flow, known?: Step): Flow {
    this.interrupted = false;
    let first = known;
    const look = (step: Step | Promise<Step>): Step | Promise<Step> =>
      step instanceof Promise ? step.then((later) => this.#look(later)) : this.#look(step);
    const followed = {
      next: (response: FlowResponse) => {
        const begun = first;
        first = undefined;
        if (begun) return this.#look(begun);
        if (this.#receives(response)) return flow.return(undefined);
        return look(flow.next(response));
      },
      throw: (error: unknown) => look(flow.throw(error)),
      return: (value: Response | void) => flow.return(value),
      [Symbol.iterator]: () => followed,
      [Symbol.asyncIterator]: () => followed,
    };
    // It is of the kind that the flow is of: `yield*` uses no other member.
    return followed as unknown as Flow;
  }

  /** Those that may answer, the strongest first, as long as there is something to answer. */
  *candidates(): Generator<Member> {
    while (this.interrupted) {
      const member = this.#members.find((one) => this.#mayAnswer(one, this.#rank));
      if (!member) return;
      this.#tried.add(member);
      this.restore();
      yield member;
    }
  }

  /** A flow has sent the request as it was, and waits for what is known already. */
  isUnanswered(step: Step): boolean {
    return !step.done && this.#isOwn(step.value) && !this.#isChanged(step.value);
  }

  /**
   * Whether a flow has an answer. If so, its scheme is the one from here on.
   * @param asked whether it was given the challenge; else it sends what it would have sent anywhere
   */
  accepts(member: Member, step: Step, asked: boolean): boolean {
    if (step.done) return false;
    const { value: request } = step;
    if (this.#isOwn(request)) {
      const authorization = request.headers.get("authorization");
      if (!this.#isChanged(request) || (authorization !== null && authorization === this.#refused)) return false;
      if (!asked && !this.#isNamed(authorization?.split(" ", 1)[0]) && !this.#isNamed(member.scheme.name)) return false;
    }
    const { rank } = member;
    const memory = this.#memory;
    memory.floor = Math.min(memory.floor, rank);
    if (memory.used && memory.used.rank > memory.floor) memory.used = undefined;
    this.#current = member;
    return true;
  }

  /** Takes off what a flow has put on the request. */
  restore(): void {
    const { headers } = this.#request;
    const given = new Headers(this.#given as [string, string][]);
    const added = [...headers.keys()].filter((name) => !given.has(name));
    for (const name of added) headers.delete(name);
    for (const [name, value] of given) if (headers.get(name) !== value) headers.set(name, value);
  }

  /** Takes a response in. True if the flow that asked for it is to be left. */
  #receives(response: FlowResponse | undefined): boolean {
    if (!response || !this.#sentOwn) return false;
    if (response.status !== 401) {
      const member = this.#current;
      if (member && member.rank <= this.#memory.floor) this.#memory.used = member;
      return false;
    }
    this.#challenge = response;
    this.interrupted = this.#members.some((member) => this.#mayAnswer(member, this.#rank - 1));
    return this.interrupted;
  }

  #look(step: Step): Step {
    if (!step.done) {
      this.#sentOwn = this.#isOwn(step.value);
      if (this.#sentOwn) this.#refused = step.value.headers.get("authorization");
    }
    return step;
  }

  get #rank(): number {
    return this.#current?.rank ?? Infinity;
  }

  #mayAnswer(member: Member, weakest: number): boolean {
    return (
      member.rank <= weakest &&
      !this.#tried.has(member) &&
      isInQuestion(member, this.#memory, this.#request, challengesOf(this.challenge))
    );
  }

  #isNamed(name: string | undefined): boolean {
    return names(challengesOf(this.challenge), name);
  }

  // What is derived from the request keeps its redirect mode, wherever it goes.
  #isOwn(request: Request): boolean {
    return request === this.#request || request.redirect === "manual" || request.url === this.#request.url;
  }

  #isChanged({ url, headers }: Request): boolean {
    const given = new Headers(this.#given as [string, string][]);
    return url !== this.#request.url || [...headers].some(([name, value]) => given.get(name) !== value);
  }
}

/** Whether a server that sent these challenges may be asking for a scheme that may be used there. */
export function isInQuestion(
  { scheme, rank, origins }: Member,
  { floor }: Memory,
  { url }: Request,
  challenges: readonly Challenge[],
): boolean {
  if (rank > floor || origins?.has(new URL(url).origin) === false) return false;
  return !REGISTERED.test(scheme.name) || names(challenges, scheme.name);
}

export function challengesOf({ headers }: Response): readonly Challenge[] {
  return parseChallenges(headers);
}

function names(challenges: readonly Challenge[], name: string | undefined): boolean {
  return challenges.some(({ scheme }) => scheme === name?.toLowerCase());
}
