/**
 * What a value says that it is, such as `FormData`: undici's own, and those of polyfills, Jest and frames, are as good as the
 * platform's, and `instanceof` knows none of them.
 */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
