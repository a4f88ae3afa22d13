import { InvalidBodyError } from "../errors/invalid-body.ts";
import type { BodyLimits, BodySource } from "./body-source.ts";
import { FixedBody } from "./fixed.ts";
import { RecordedBody } from "./recorded.ts";

/** The body of a Request; `undefined` where it has none. The Request counts as used then, as it does for fetch. */
export async function requestBody(request: Request, limits: BodyLimits): Promise<BodySource | undefined> {
  if (request.bodyUsed) {
    throw new InvalidBodyError(
      "The body of the Request was read before. Make a new Request, or clone() it before it is used.",
    );
  }
  const body = request.body as Request["body"] | undefined;
  if (body === null) return undefined;
  if (body === undefined) {
    // A runtime without request streams (Firefox) has no other way to tell.
    const blob = await request.blob();
    return blob.size > 0 ? new FixedBody(blob) : undefined;
  }
  const recorded = new RecordedBody(body, limits.sendsOnce ? 0 : limits.replayLimit);
  const bytes = await recorded.peek(limits.replayLimit);
  return bytes ? new FixedBody(bytes) : recorded;
}
