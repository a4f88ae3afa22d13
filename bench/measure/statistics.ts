// Order statistics: they need no distribution, and what a busy machine adds to a few rounds doesn't move them.

/** The value in the middle; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of the values lies, interpolated between its neighbours. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError("There are no values to take a quantile of.");
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Where the median of all rounds there could be lies, with 95 % confidence: between the two order statistics around the
 * middle, of which a binomial distribution with p = 1/2 tells the ranks (here by its normal approximation).
 */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const reach = 0.98 / Math.sqrt(values.length); // 1.96 standard deviations of √n / 2, as a share of n
  return [quantile(values, Math.max(0, 0.5 - reach)), quantile(values, Math.min(1, 0.5 + reach))];
}

/** The standard deviation, by the median absolute one: of a normal distribution, 1.4826 times that. */
export function deviation(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

/** Round by round, what the one took more than the other. */
export function differences(values: readonly number[], base: readonly number[]): number[] {
  return pairs(values, base).map(([value, against]) => value - against);
}

/** Round by round, how many times as long the one took as the other. */
export function ratios(values: readonly number[], base: readonly number[]): number[] {
  return pairs(values, base).map(([value, against]) => value / against);
}

function pairs(values: readonly number[], base: readonly number[]): [number, number][] {
  return values.map((value, round) => {
    const against = base[round];
    if (against === undefined) throw new RangeError("The rounds are no pairs: one side has more of them.");
    return [value, against];
  });
}
