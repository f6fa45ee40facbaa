// A long run, always the same: 1,000,000 lifecycle events of 10,000 nodes.

export const EVENTS = 1_000_000;
export const NODES = 10_000;
export const TYPES = ["STARTED", "PROGRESS", "COMPLETED", "FAILED"];
/** Milliseconds from the first event to the last: an hour and more. */
export const LENGTH = EVENTS * 4;

/** Draws numbers below a limit, the same ones every time. */
export function draws(seed) {
  return (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 4294967296) * limit);
  };
}

/**
 * Every node starts, says how far it is, and ends, again and again; what comes next is drawn.
 * `type` is 0 started, 1 progress, 2 completed, 3 failed.
 * @returns {{node: Uint16Array, type: Uint8Array, at: Float64Array}} milliseconds from the start
 */
export function events() {
  const below = draws(42);
  const run = { node: new Uint16Array(EVENTS), type: new Uint8Array(EVENTS), at: new Float64Array(EVENTS) };
  for (let index = 0; index < EVENTS; index++) {
    run.at[index] = index * 4 + below(4);
    run.node[index] = below(NODES);
    run.type[index] = below(4);
  }
  return run;
}
