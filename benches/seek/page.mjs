// The state of every node at random instants: folded into a Map as usual stores do, and by Runreel's model.
import init, { Run } from "/wasm/bench_seek.js";
import { EVENTS, LENGTH, NODES, TYPES, draws, events } from "./data.mjs";

await init();

/** Milliseconds of each of `count` calls with a random instant. */
function timed(count, seed, work) {
  const below = draws(seed);
  return Array.from({ length: count }, () => {
    const at = below(LENGTH);
    const begin = performance.now();
    work(at);
    return performance.now() - begin;
  });
}

window.contestants = {
  objects(count) {
    const { node, type, at } = events();
    const held = Array.from(at, (timestamp, index) => ({
      id: String(index + 1),
      nodeId: `step-${node[index]}`,
      type: TYPES[type[index]],
      timestamp,
    }));
    return timed(count, 1, (instant) => {
      const states = new Map();
      for (const event of held) {
        if (event.timestamp > instant) break;
        states.set(event.nodeId, event.type);
      }
      return states.size;
    });
  },

  runreel(count) {
    const { node, type, at } = events();
    const run = new Run(NODES);
    for (let first = 0; first < EVENTS; first += 50_000) {
      const last = first + 50_000;
      run.append(first, node.subarray(first, last), type.subarray(first, last), at.subarray(first, last));
    }
    if (run.events() !== EVENTS) throw new Error(`${run.events()} events`);
    return timed(count, 1, (instant) => run.state_at(instant));
  },
};
