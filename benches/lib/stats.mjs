// Medians, and figures as people read them.

/** The middle of `numbers`; of an even count the mean of the two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The least of `numbers` that at least `share` (0 to 1) of them do not exceed. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** Three digits that say something: `3,745`, `41.2`, `0.66`. */
export function figure(number) {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : 2;
  return number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `median [least–most]`. */
export function spread(numbers) {
  return `${figure(median(numbers))} [${figure(Math.min(...numbers))}–${figure(Math.max(...numbers))}]`;
}
