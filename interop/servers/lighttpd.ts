// lighttpd 1.4: Digest with SHA-256, with a choice of algorithms, with userhash; Basic.
import { APACHE_FORMAT } from "./access-log.ts";
import { htdigestUserhash, plain, REALM } from "./accounts.ts";
import type { Place, Software } from "./software.ts";

export const lighttpd: Software = {
  name: "lighttpd",
  programs: ["lighttpd"],
  files: {
    htdigest: htdigestUserhash,
    plain,
    "htdocs/sha-256/index.txt": "sha-256\n",
    "htdocs/md5/index.txt": "md5\n",
    "htdocs/both/index.txt": "both\n",
    "htdocs/userhash/index.txt": "userhash\n",
    "htdocs/basic/index.txt": "basic\n",
  },

  configuration: ({ folder, port, otherPort }) => `
server.bind = "127.0.0.1"
server.port = ${port}
$SERVER["socket"] == "127.0.0.1:${otherPort}" { }
server.document-root = "${folder}/htdocs"
server.errorlog = "${folder}/error.log"
server.modules = ("mod_auth", "mod_authn_file", "mod_redirect", "mod_accesslog")
server.max-keep-alive-requests = 1000
accesslog.filename = "${folder}/access.log"
accesslog.format = "${APACHE_FORMAT}"
mimetype.assign = (".txt" => "text/plain")

auth.backend = "plain"
auth.backend.plain.userfile = "${folder}/plain"
auth.require = (
  "/sha-256" => (${asks("digest")}, "algorithm" => "SHA-256"),
  "/md5" => (${asks("digest")}, "algorithm" => "MD5"),
  "/both" => (${asks("digest")}, "algorithm" => "MD5|SHA-256"),
  "/basic" => (${asks("basic")})
)
$HTTP["url"] =~ "^/userhash/" {
  auth.backend = "htdigest"
  auth.backend.htdigest.userfile = "${folder}/htdigest"
  auth.require = ("/userhash" => (${asks("digest")}, "algorithm" => "SHA-256", "userhash" => "enable"))
}

# mod_auth stands before mod_redirect, so credentials are asked for first.
url.redirect = (
  "^/sha-256/moved$" => "http://127.0.0.1:${port}/sha-256/index.txt",
  "^/sha-256/away$" => "http://127.0.0.1:${otherPort}/sha-256/index.txt",
  "^/open/into-digest$" => "http://127.0.0.1:${port}/sha-256/index.txt"
)
url.redirect-code = 302
$HTTP["url"] =~ "^/sha-256/moved-307$" {
  url.redirect = ("" => "http://127.0.0.1:${port}/sha-256/index.txt")
  url.redirect-code = 307
}
`,

  arguments: ({ folder }: Place) => ["-D", "-f", `${folder}/server.conf`],

  // It writes its log every few seconds, and when it is told to open it anew.
  flushSignal: "SIGHUP",
};

function asks(method: "basic" | "digest"): string {
  return `"method" => "${method}", "realm" => "${REALM}", "require" => "valid-user"`;
}
