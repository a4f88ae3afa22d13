// What "#files" is where there are files: on Node, Deno and Bun.
export { removeCredentials, setCredentials } from "./credentials.ts";
export { openNetrc } from "./file.ts";
