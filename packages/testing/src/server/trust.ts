/// <reference lib="esnext.disposable" preserve="true" />
import * as tls from "node:tls";
import { InvalidOptionError } from "@authflow/flow";
import { testCertificate } from "./certificate.ts";

/**
 * Lets this process trust the certificate of its own loopback servers, the platform's fetch included, until disposed.
 *
 * @returns what takes the trust back: declare it with `using`
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` on Node before 22.19 and 24.5, which can't; give `server.certificate` as the `ca`
 * of an undici Agent there
 *
 * @example
 * ```ts
 * import { echoServer, trustCertificate } from "@authflow/testing/server";
 *
 * using trust = trustCertificate();
 * await using server = await echoServer({ https: true });
 * const response = await fetch(server.url());
 * console.log(response.url.startsWith("https://127.0.0.1:"), response.status); // → true 200
 * ```
 */
export function trustCertificate(): { [Symbol.dispose](): void } {
  if (!("setDefaultCACertificates" in tls)) {
    throw new InvalidOptionError(
      "This version of Node can't change whom it trusts while it runs. Give server.certificate as `ca` to the Agent of undici.",
    );
  }
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, testCertificate().cert]);
  return {
    [Symbol.dispose](): void {
      tls.setDefaultCACertificates(before);
    },
  };
}
