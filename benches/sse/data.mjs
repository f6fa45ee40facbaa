// 100,000 lifecycle events as a stream, always the same: in frames of one, and packed as our server packs them.

export const EVENTS = 100_000;
/** Bytes of a packed frame's data at most, as in crates/server/src/stream/frames.rs. */
const PACKED = 60 * 1024;
const TYPES = ["STARTED", "PROGRESS", "PROGRESS", "COMPLETED", "FAILED"];

/** The events as JSON, about 170 bytes each; 5,000 nodes, one to twenty milliseconds apart. */
function events() {
  let seed = 5;
  const below = (limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 4294967296) * limit);
  };
  let at = 1_700_000_000_000;
  return Array.from({ length: EVENTS }, (_, index) => {
    at += below(20);
    return JSON.stringify({
      id: String(index + 1),
      runId: "run-42",
      nodeId: `step-${below(5000)}`,
      type: TYPES[below(5)],
      level: "info",
      timestamp: new Date(at).toISOString(),
      message: `scanned ${below(127)}/127`,
      data: { stream: "stdout" },
    });
  });
}

/** What a `trace` frame says: Studio's envelope. */
const frame = (events, last) => `id: ${last}\nevent: trace\ndata: {"events":[${events}],"cursor":"${last}"}\n\n`;

/** @returns {{single: Buffer, packed: Buffer}} the two streams */
export function streams() {
  const all = events();
  const single = all.map((event, index) => frame(event, index + 1));
  const packed = [];
  for (let first = 0; first < all.length; ) {
    let bytes = 0;
    let after = first;
    while (after < all.length && (bytes += all[after].length + 1) <= PACKED) after += 1;
    packed.push(frame(all.slice(first, after).join(","), after));
    first = after;
  }
  return { single: Buffer.from(single.join("")), packed: Buffer.from(packed.join("")) };
}
