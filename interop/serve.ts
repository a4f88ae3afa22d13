// Serves the site of these tests, for a look by hand: `node interop/serve.ts apache 8081`. Ctrl-C ends it.
import { once } from "node:events";
import { mufasa } from "./servers/accounts.ts";
import { apache } from "./servers/apache.ts";
import { lighttpd } from "./servers/lighttpd.ts";
import { nginx } from "./servers/nginx.ts";
import { start } from "./servers/start.ts";

const [name, port] = process.argv.slice(2);
const software = [apache, lighttpd, nginx].find((known) => known.name.toLowerCase() === name);
if (!software) {
  console.error("Which server: apache, lighttpd or nginx? A port may follow.");
  process.exit(2);
}
const server = await start(software, port === undefined ? {} : { port: Number(port) });
console.log(
  `${software.name} serves ${server.url("/")} and ${server.otherUrl("/")}; its paths stand in servers/${name}.ts.`,
);
console.log(`One of its accounts: ${mufasa.username}, with the password ${mufasa.password}`);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await server.stop();
