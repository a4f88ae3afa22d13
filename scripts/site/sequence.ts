// The messages of a protocol, as a page writes them. In a block of its own:
//
//   ```sequence
//   title: A server asks, and is answered once
//   parties: Program, Server
//   Program → Server: GET /wiki
//   Server → Program: 401
//     WWW-Authenticate: Basic realm="wiki"
//   Program: looks for an answer
//   -- later
//   ```
//
// Lines that are indented belong to the message above. A message that begins with a status is a response. Or as the
// READMEs of the packages show it, between two parties: `GET /wiki   →`, and `Authorization: …   ←  200`.

export interface Message {
  readonly kind: "message";
  /** Places in `parties`. */
  readonly from: number;
  readonly to: number;
  /** The first line: a method and a target, or a status. */
  readonly text: string;
  /** The lines below it: header fields, a body. */
  readonly details: readonly string[];
  /** The status, where one is named. */
  readonly status: number | undefined;
  readonly isResponse: boolean;
  /** Whether one of its lines is a credential. */
  readonly carries: boolean;
}

/** What a party does by itself. */
export interface Note {
  readonly kind: "note";
  readonly party: number;
  readonly text: string;
}

/** A border between two parts of the story. */
export interface Divider {
  readonly kind: "divider";
  readonly text: string;
}

export type Step = Message | Note | Divider;

export interface Sequence {
  readonly title: string;
  readonly parties: readonly string[];
  readonly steps: readonly Step[];
}

/** What proves who asks, wherever it stands. Challenges don't. */
const CREDENTIAL =
  /^(authorization|cookie|x-[\w-]*(key|token|authentication)|dpop)\s*:|[?&](api_)?key=|\b(access|refresh)_token[=":]|\bclient_secret=|\bassertion=/i;

export function isCredential(line: string): boolean {
  return CREDENTIAL.test(line);
}

/** Reads a block of the language `sequence`; what can't be read is an error that names the line, from 1. */
export function parseSequence(code: readonly string[]): Sequence {
  let title = "";
  const parties: string[] = [];
  const steps: Step[] = [];
  for (const [index, line] of code.entries()) {
    const fail = (reason: string): Error => new Error(`line ${index + 1}: ${reason}: ${line}`);
    const place = (name: string): number => {
      const found = parties.indexOf(name.trim());
      if (found === -1) throw fail(`"${name.trim()}" is none of the parties (${parties.join(", ")})`);
      return found;
    };
    const [, key = "", value = ""] = /^(title|parties):\s*(.+)$/.exec(line) ?? [];
    const [, from = "", to = "", text = ""] = /^(\S[^→:]*)→([^:]+):\s*(.+)$/.exec(line) ?? [];
    const [, party = "", what = ""] = /^(\S[^:]*):\s+(.+)$/.exec(line) ?? [];
    if (line.trim() === "") continue;
    if (/^\s/.test(line)) {
      const above = steps.pop();
      if (above?.kind !== "message") throw fail("an indented line belongs to a message, and above there is none");
      steps.push(message(above.from, above.to, above.text, [...above.details, line.trim()]));
    } else if (key === "title") title = value;
    else if (key === "parties") parties.push(...value.split(",").map((name) => name.trim()));
    else if (text) steps.push(message(place(from), place(to), text));
    else if (line.startsWith("-- ")) steps.push({ kind: "divider", text: line.slice(3).trim() });
    else if (what) steps.push({ kind: "note", party: place(party), text: what });
    else throw fail("neither a message (A → B: …), nor a note (A: …), nor a divider (-- …)");
  }
  if (!title) throw new Error("a sequence has a title: it is read out where the drawing can't be seen");
  if (parties.length < 2) throw new Error("a sequence has two parties at least");
  return { title, parties, steps };
}

/** Reads the drawing of a README, if it is one: requests point right, responses left. */
export function parseArrows(code: readonly string[], title: string): Sequence | undefined {
  if (!code.some((line) => line.includes("→")) || !code.some((line) => line.includes("←"))) return undefined;
  const steps: Step[] = [];
  for (const line of code.filter((text) => text.trim() !== "")) {
    const [, left = "", arrow, right = ""] = /^(.*?)\s*(?:([→←])\s*(.*))?$/.exec(line) ?? [];
    const asked = steps.findLast((step) => step.kind === "message");
    if (arrow === "→" && left.trim()) steps.push(message(0, 1, left.trim()));
    else if (arrow === "←") {
      if (left.trim() && asked)
        steps[steps.lastIndexOf(asked)] = message(0, 1, asked.text, [...asked.details, left.trim()]);
      const [status = "", ...fields] = right.split(/,\s+(?=[A-Z][\w-]*:)/);
      steps.push({ ...message(1, 0, status, fields), isResponse: true });
    } else if (!arrow && /^\s/.test(line)) steps.push({ kind: "note", party: 0, text: line.trim() });
    else return undefined;
  }
  return { title, parties: ["Program", "Server"], steps };
}

/** The story in words, for those who don't see the drawing. */
export function inWords({ parties, steps }: Sequence): string {
  return steps
    .map((step) => {
      if (step.kind === "divider") return `${capital(step.text)}.`;
      if (step.kind === "note") return `${parties[step.party] ?? ""}: ${step.text}.`;
      const { from, to, text, details, isResponse, carries } = step;
      const verb = isResponse ? "answers" : "sends";
      const what = [text, ...details].join(", ");
      return `${parties[from] ?? ""} ${verb} ${parties[to] ?? ""}: ${what}${carries ? " (carries credentials)" : ""}.`;
    })
    .join(" ");
}

function message(from: number, to: number, text: string, details: readonly string[] = []): Message {
  const status = /^(\d{3})\b/.exec(text)?.[1];
  return {
    kind: "message",
    from,
    to,
    text,
    details,
    status: status === undefined ? undefined : Number(status),
    isResponse: status !== undefined,
    carries: [text, ...details].some(isCredential),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
