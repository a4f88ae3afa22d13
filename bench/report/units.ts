/** Microseconds, in the unit that reads best. */
export function time(microseconds: number): string {
  if (Math.abs(microseconds) < 1000) return `${digits(microseconds)} µs`;
  return Math.abs(microseconds) < 1_000_000
    ? `${digits(microseconds / 1000)} ms`
    : `${digits(microseconds / 1_000_000)} s`;
}

export const MEBIBYTE: number = 1024 * 1024;

export function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}

export function ratio(value: number): string {
  return `${value.toFixed(2)}x`;
}

/** A difference, which is one to be seen: with its sign. */
export function signed(text: string): string {
  return text.startsWith("-") ? text.replace("-", "−") : `+${text}`;
}

/** Three digits that count. */
function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
