// A long log, always the same: about 95 bytes a line, most of them of no interest.

/** Draws numbers below a limit, the same ones every time. */
export function draws(seed) {
  return (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 4294967296) * limit);
  };
}

const LEVELS = ["INFO ", "DEBUG", "INFO ", "WARN ", "INFO ", "DEBUG", "INFO ", "ERROR"];
const DEEDS = ["fetched", "scanned", "resolved", "retrying", "flushed", "opened", "closed", "queued"];
/** By the word of a line, the number of the model's level. */
const LEVEL_NUMBERS = { "DEBUG": 1, "INFO ": 2, "WARN ": 3, "ERROR": 4 };

/** What is looked for: in ten lines, in one of forty, and a pattern found in one of sixty. */
export const QUERIES = {
  rare: { text: "needle-7f3a", regex: false },
  common: { text: "timeout", regex: false },
  pattern: { text: String.raw`user=\d+ .*timeout`, regex: true },
};

/** Hands `count` lines to `take(text, at, node, level)`, in order; `at` in milliseconds. */
export function lines(count, take) {
  const below = draws(12345);
  const needle = Math.max(1, Math.floor(count / 10));
  let at = 1_700_000_000_000;
  for (let number = 0; number < count; number++) {
    at += below(20);
    const level = LEVELS[below(8)];
    const node = below(5000);
    const did = `${DEEDS[below(8)]} host-${below(100_000)}.example in ${below(9000) / 10}ms`;
    let rest = `seq=${number}`;
    if (below(8) === 0) rest = `user=${below(10_000)} ${below(8) === 0 ? "gave up: timeout" : "went on"}`;
    else if (below(100) === 0) rest = `timeout of user ${below(10_000)}`;
    if (number % needle === needle - 1) rest += " needle-7f3a";
    take(`${new Date(at).toISOString()} ${level} node-${node} ${did} ${rest}`, at, node, LEVEL_NUMBERS[level]);
  }
}
