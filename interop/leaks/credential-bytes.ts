// How many bytes of a credential stand in a request, in whatever spelling.

const BASE64 = /[\w+/-]{8,}={0,2}/g;

/**
 * Counts the bytes of credentials in a text: each marker as it stands, in any letter case and however often it is
 * percent-encoded, and every run of base64 that one is hidden in.
 *
 * @param markers letters and digits that stand in a credential and nowhere else, so that no encoding of URLs or of forms
 *   changes them
 */
export function credentialBytes(text: string, markers: readonly string[]): number {
  const lower = markers.map((marker) => marker.toLowerCase());
  return Math.max(...readings(text).map((reading) => plain(reading, lower) + encoded(reading, lower)));
}

/** The text, and what it is once its percent-encoding is taken off, up to three times. */
function readings(text: string): readonly string[] {
  const found = [text];
  for (let round = 0; round < 3; round++) {
    const before = found.at(-1) ?? "";
    const after = before.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (after === before) break;
    found.push(after);
  }
  return found;
}

function plain(text: string, markers: readonly string[]): number {
  const lower = text.toLowerCase();
  return markers.reduce((sum, marker) => sum + (lower.split(marker).length - 1) * marker.length, 0);
}

function encoded(text: string, markers: readonly string[]): number {
  const runs = text.match(BASE64) ?? [];
  return runs.filter((run) => hides(run, markers)).reduce((sum, run) => sum + run.length, 0);
}

/** A run may begin with what is no base64, as a path does, so it is read from each of the four places in a group. */
function hides(run: string, markers: readonly string[]): boolean {
  return [0, 1, 2, 3].some((skipped) => {
    const decoded = Buffer.from(run.slice(skipped), "base64").toString("latin1").toLowerCase(); // either alphabet
    return markers.some((marker) => decoded.includes(marker));
  });
}
