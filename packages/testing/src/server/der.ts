// ASN.1 in its distinguished encoding (ITU-T X.690), as far as a certificate needs it.

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

export function set(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x31, ...parts);
}

/** A value under a tag, with its length before it. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

/** A whole number below 128. */
export function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

export function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octetString(content: Uint8Array): Buffer {
  return tagged(0x04, content);
}

export function bitString(content: Uint8Array): Buffer {
  return tagged(0x03, Buffer.from([0]), content);
}

export function utf8String(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text));
}

/** A time before 2050, such as `250101000000Z`. */
export function utcTime(text: string): Buffer {
  return tagged(0x17, Buffer.from(text));
}

/** A time from 2050 on, such as `20500101000000Z`. */
export function generalizedTime(text: string): Buffer {
  return tagged(0x18, Buffer.from(text));
}

/** An object identifier, such as `1.2.840.10045.4.3.2`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) + 128);
  return digits;
}

function lengthOf({ length }: Uint8Array): number[] {
  if (length < 128) return [length];
  const digits: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) digits.unshift(left % 256);
  return [0x80 + digits.length, ...digits];
}
