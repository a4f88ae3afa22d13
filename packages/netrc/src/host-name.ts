import { NetrcError } from "#netrc-error";
import { comparableHost } from "./look-up.ts";

/**
 * A host as look-ups will ask for it, which is as `URL.hostname` has it but for the brackets of IPv6: `münchen.example`
 * becomes `xn--mnchen-3ya.example`.
 *
 * @throws `ERR_AUTHFLOW_NETRC_VALUE` for what is no host, such as a URL or a host with a port
 */
export function hostName(host: string): string {
  const bare = comparableHost(host);
  const authority = bare.includes(":") ? `[${bare}]` : bare;
  const url = /[\u0000-\u0020\u007F]/.test(bare) ? undefined : parsed(`http://${authority}`);
  if (url !== undefined && url.href === `http://${url.hostname}/`) return comparableHost(url.hostname);
  throw new NetrcError(
    "ERR_AUTHFLOW_NETRC_VALUE",
    "The host is none. Give the bare name, such as `api.example.com`, without scheme, port or path.",
  );
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
