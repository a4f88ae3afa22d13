// nginx: Basic, redirects to each kind of place, and a folder that takes uploads from anybody.
import { NGINX_FORMAT } from "./access-log.ts";
import { htpasswd, REALM } from "./accounts.ts";
import type { Place, Software } from "./software.ts";

export const nginx: Software = {
  name: "nginx",
  programs: ["nginx"],
  files: {
    htpasswd,
    "htdocs/basic/index.txt": "basic\n",
    "htdocs/basic/below/index.txt": "below\n",
    "htdocs/upload/index.txt": "upload\n",
  },

  configuration: ({ folder, port, otherPort }) => `
daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 128; }
http {
  log_format requests '${NGINX_FORMAT}';
  access_log ${folder}/access.log requests;
  client_body_temp_path ${folder}/temporary; proxy_temp_path ${folder}/temporary; fastcgi_temp_path ${folder}/temporary;
  uwsgi_temp_path ${folder}/temporary; scgi_temp_path ${folder}/temporary;
  keepalive_requests 1000;
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${otherPort};
    root ${folder}/htdocs;
    location /upload/ { dav_methods PUT; }
    location /basic/ {
      auth_basic "${REALM}";
      auth_basic_user_file ${folder}/htpasswd;
${redirects({
  "/basic/moved": [302, `http://127.0.0.1:${port}/basic/index.txt`],
  "/basic/other-port": [302, `http://127.0.0.1:${otherPort}/basic/index.txt`],
  "/basic/other-host": [302, `http://localhost:${port}/basic/index.txt`],
  "/basic/upload-here": [307, `http://127.0.0.1:${port}/upload/here`],
  "/basic/upload-other-port": [307, `http://127.0.0.1:${otherPort}/upload/other-port`],
  "/basic/upload-other-host": [307, `http://localhost:${port}/upload/other-host`],
})}
    }
  }
}
`,

  arguments: ({ folder }: Place) => ["-e", `${folder}/error.log`, "-c", `${folder}/server.conf`],
};

/** nginx answers a `return` before it asks for credentials; what it makes of an error comes after. */
function redirects(targets: Readonly<Record<string, readonly [status: 302 | 307, target: string]>>): string {
  return Object.entries(targets)
    .map(([path, [status, target]]) => `      location = ${path} { error_page 404 405 =${status} ${target}; }`)
    .join("\n");
}
