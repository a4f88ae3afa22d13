// The process of the servers, so that what they keep is not counted as memory of the client.
import { Site } from "./site.ts";

const site = new Site();
process.on("message", () => process.send?.({ seen: site.seen }));
process.on("disconnect", () => process.exit());
process.send?.({ origins: await site.start() });
