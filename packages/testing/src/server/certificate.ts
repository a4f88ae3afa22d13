import { generateKeyPairSync, sign } from "node:crypto";
import { bitString, boolean, generalizedTime, integer, objectIdentifier } from "./der.ts";
import { octetString, sequence, set, tagged, utcTime, utf8String } from "./der.ts";

/** The names of this machine that the certificate is for. */
const NAMES = ["localhost"];
const ADDRESSES = [1, 2, 3, 4, 5, 6, 7, 8].map((host) => [127, 0, 0, host]);
const IPV6_LOOPBACK = [...Array<number>(15).fill(0), 1];

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"; // RFC 5758 §3.2
const COMMON_NAME = "2.5.4.3";
const BASIC_CONSTRAINTS = "2.5.29.19";
const SUBJECT_ALT_NAME = "2.5.29.17";

let made: { readonly key: string; readonly cert: string } | undefined;

/**
 * A key and a certificate for this machine, both in PEM. They are made once in a process and written nowhere, so there
 * is nothing that could be trusted by mistake.
 */
export function testCertificate(): { readonly key: string; readonly cert: string } {
  made ??= makeCertificate();
  return made;
}

/** A certificate that signs itself, so that it is its own authority (RFC 5280 §4.1). */
function makeCertificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String("authflow loopback test only"))));
  // No clock is read: the process that has the key is gone long before.
  const validity = sequence(utcTime("200101000000Z"), generalizedTime("20991231235959Z"));
  const toBeSigned = sequence(
    tagged(0xa0, integer(2)), // version 3
    integer(1), // the serial number
    algorithm,
    name, // who signed it
    validity,
    name, // whose it is
    publicKey.export({ format: "der", type: "spki" }),
    tagged(0xa3, sequence(authority(), alternativeNames())),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  return {
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    cert: pem(sequence(toBeSigned, algorithm, bitString(signature))),
  };
}

function authority(): Buffer {
  return sequence(objectIdentifier(BASIC_CONSTRAINTS), boolean(true), octetString(sequence(boolean(true))));
}

function alternativeNames(): Buffer {
  const names = NAMES.map((name) => tagged(0x82, Buffer.from(name)));
  const addresses = [...ADDRESSES, IPV6_LOOPBACK].map((address) => tagged(0x87, Buffer.from(address)));
  return sequence(objectIdentifier(SUBJECT_ALT_NAME), octetString(sequence(...names, ...addresses)));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
