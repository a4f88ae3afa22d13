// A strict digest server, in a process of its own so that it costs the client no memory. Below /open it asks for nothing.
import { digestServer } from "@authflow/testing/server";
import { tell } from "./child.ts";

const server = await digestServer({ paths: ["/protected"], algorithms: ["SHA-256"] });
tell(server.url());

process.on("disconnect", () => process.exit());
