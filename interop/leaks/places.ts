import {
  type LoopbackServer,
  type ReceivedRequest,
  type ServerReply,
  startServer,
  trustCertificate,
} from "@authflow/testing/server";

/** The origins of the matrix, all on this machine; nobody is led to the issuer of tokens, whom a scheme asks. */
export type Place = "home" | "port" | "host" | "name" | "secure" | "issuer";

/** What each server does with a request to one step of a journey. */
export type Answer = (arrival: Arrival) => ServerReply;

/** A request as it came over the wire. */
export interface Arrival {
  readonly place: Place;
  /** The step of the journey that was asked for; -1 is before it, NaN beside it. */
  readonly step: number;
  readonly headers: Headers;
  /** The query, without its question mark. */
  readonly query: string;
  /** The request line, every header line and the body. */
  readonly text: string;
}

/** What the servers have to know of one call. */
interface Course {
  readonly answer: Answer;
  readonly arrivals: Arrival[];
}

/** Only Linux has more addresses of its own than one; elsewhere the other host is one by its name. */
const OTHER_HOST = process.platform === "linux" ? { address: "127.0.0.2" } : { hostname: "localhost" };

/** Servers at each place, which write down every byte that they are sent. */
export class Places {
  readonly #origins: ReadonlyMap<Place, string>;
  readonly #byOrigin: ReadonlyMap<string, Place>;
  readonly #servers: readonly LoopbackServer[];
  readonly #courses: Map<string, Course>;
  /** The platform's fetch has to trust the server that speaks TLS. */
  readonly #trust = trustCertificate();

  private constructor(
    origins: ReadonlyMap<Place, string>,
    servers: readonly LoopbackServer[],
    courses: Map<string, Course>,
  ) {
    this.#origins = origins;
    this.#byOrigin = new Map(Array.from(origins, ([place, origin]) => [origin, place]));
    this.#servers = servers;
    this.#courses = courses;
  }

  static async open(): Promise<Places> {
    const courses = new Map<string, Course>();
    let places: Places;
    const serve = (request: ReceivedRequest): Promise<ServerReply | undefined> => places.#serve(request);
    const [home, port, issuer, host, secure] = await Promise.all([
      startServer(serve),
      startServer(serve),
      startServer(serve),
      startServer(serve, OTHER_HOST),
      startServer(serve, { https: true }),
    ]);
    const origins = new Map<Place, string>([
      ["home", home.origin],
      ["port", port.origin],
      ["issuer", issuer.origin],
      ["host", host.origin],
      ["name", home.origin.replace("127.0.0.1", "localhost")], // the very same server, by another name
      ["secure", secure.origin],
    ]);
    places = new Places(origins, [home, port, issuer, host, secure], courses);
    return places;
  }

  origin(place: Place): string {
    return this.#origins.get(place) ?? ""; // there is one for each
  }

  /** Where a call asks for a step of its journey. */
  url(place: Place, call: number, step: number): string {
    return `${this.origin(place)}/${call}/${step}`;
  }

  /** Lets the servers answer one call, and gives the requests of it as they come. */
  expect(call: number, answer: Answer): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    this.#courses.set(String(call), { answer, arrivals });
    return arrivals;
  }

  forget(call: number): void {
    this.#courses.delete(String(call));
  }

  async close(): Promise<void> {
    this.#trust[Symbol.dispose]();
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(request: ReceivedRequest): Promise<ServerReply | undefined> {
    await request.ended;
    const { origin } = new URL(request.url);
    const place = this.#byOrigin.get(`${origin.split("//")[0]}//${request.headers.get("host")}`);
    const [path = "", query = ""] = request.target.split("?");
    const [, call = "", step] = path.split("/");
    const course = this.#courses.get(call);
    if (!course || place === undefined) return undefined;
    const lines = request.rawHeaders.map(([name, value]) => `${name}: ${value}`);
    const text = [`${request.method} ${request.target}`, ...lines, "", request.text].join("\n");
    const arrival: Arrival = { place, step: Number(step), headers: request.headers, query, text };
    course.arrivals.push(arrival);
    return course.answer(arrival);
  }
}
