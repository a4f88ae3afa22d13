// Apache 2.4: Digest with MD5 and a proof of its own (rspauth), nonces that die, protection spaces, WebDAV, Basic.
import { existsSync } from "node:fs";
import { APACHE_FORMAT } from "./access-log.ts";
import { htdigest, htpasswd, REALM } from "./accounts.ts";
import type { Place, Software } from "./software.ts";

export const apache: Software = {
  name: "Apache",
  programs: ["apache2", "httpd"],
  files: {
    htdigest,
    htpasswd,
    "htdocs/digest/index.txt": "digest\n",
    "htdocs/short-lived/index.txt": "short-lived\n",
    "htdocs/next-nonce/index.txt": "next-nonce\n",
    "htdocs/domain/index.txt": "domain\n",
    "htdocs/basic/index.txt": "basic\n",
    "htdocs/dav/index.txt": "dav\n",
    "htdocs/dav/arrived": "nothing yet\n",
  },

  configuration: ({ folder, port, otherPort }) => `
ServerRoot "${folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
Listen 127.0.0.1:${otherPort}
PidFile "${folder}/pid"
ErrorLog "${folder}/error.log"
DefaultRuntimeDir "${folder}"
${loadModules()}
StartServers 1
ServerLimit 1
ThreadsPerChild 16
MaxRequestWorkers 16
MinSpareThreads 1
MaxSpareThreads 16
MaxKeepAliveRequests 1000
LogFormat "${APACHE_FORMAT} \\"%{sec}t%{usec_frac}t\\"" requests
CustomLog "${folder}/access.log" requests
DocumentRoot "${folder}/htdocs"
DavLockDB "${folder}/locks"

Redirect 302 /open/into-digest http://127.0.0.1:${port}/digest/index.txt
${location("/digest", digest(folder))}
${location("/digest/moved", redirect(302, `http://127.0.0.1:${port}/digest/index.txt`))}
${location("/digest/away", redirect(302, `http://127.0.0.1:${otherPort}/digest/index.txt`))}
# Apache names the next nonce where the last one has less than half a minute left.
${location("/short-lived", `${digest(folder)}\nAuthDigestNonceLifetime 1`)}
${location("/next-nonce", `${digest(folder)}\nAuthDigestNonceLifetime 25`)}
${location("/domain", `${digest(folder)}\nAuthDigestDomain /domain/ http://127.0.0.1:${port}/digest/`)}
${location("/dav", `${digest(folder)}\nDav On`)}
${location("/dav/moved", redirect(307, `http://127.0.0.1:${port}/dav/arrived`))}
${location("/basic", `AuthType Basic\nAuthName "${REALM}"\nAuthUserFile "${folder}/htpasswd"\nRequire valid-user`)}
`,

  arguments: ({ folder }: Place) => ["-f", `${folder}/server.conf`, "-DFOREGROUND"],
};

function digest(folder: string): string {
  return `AuthType Digest\nAuthName "${REALM}"\nAuthUserFile "${folder}/htdigest"\nRequire valid-user`;
}

function location(path: string, directives: string): string {
  return `<Location "${path}">\n${directives}\n</Location>`;
}

/** Redirects after the question for credentials, where `Redirect` does so before it. */
function redirect(status: 302 | 307, target: string): string {
  return `RewriteEngine On\nRewriteRule ^ ${target} [R=${status},L]`;
}

/** Where the modules stand: Debian, Fedora (64 bit, 32 bit), Alpine, macOS. */
const MODULE_FOLDERS = [
  "/usr/lib/apache2/modules",
  "/usr/lib64/httpd/modules",
  "/usr/lib/httpd/modules",
  "/usr/lib/apache2",
  "/usr/libexec/apache2",
];

const MODULES = [
  "mpm_event",
  "unixd",
  "log_config",
  "authn_core",
  "authn_file",
  "authz_core",
  "authz_user",
  "auth_basic",
  "auth_digest",
  "dav",
  "dav_fs",
  "alias",
  "rewrite",
];

/** Loads what isn't compiled in; which that is differs between distributions. */
function loadModules(): string {
  const folder = MODULE_FOLDERS.find((path) => existsSync(`${path}/mod_auth_digest.so`));
  if (folder === undefined) throw new Error(`Apache's modules are in none of ${MODULE_FOLDERS.join(", ")}.`);
  return MODULES.map((name) => {
    return `<IfModule !${name}_module>\nLoadModule ${name}_module "${folder}/mod_${name}.so"\n</IfModule>`;
  }).join("\n");
}
