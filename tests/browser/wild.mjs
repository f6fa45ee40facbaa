// Runs that no engine would make on a good day, the same for the same seed.

const TYPES = ["STARTED", "STARTED", "PROGRESS", "COMPLETED", "COMPLETED", "FAILED", "SKIPPED", "AWAITING_INPUT", "HTTP_REQUEST_SENT", "NODE_SOMETHING"];
const JOINS = [undefined, "all", "any", "first"];
const ENDS = ["COMPLETED", "FAILED", "CANCELLED"];
const START = Date.UTC(2026, 0, 1);

/** Numbers from 0 to 1 (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A reel's lines: 24 nodes with joins of all sorts and two that the graph does not know, events of all
 * types at any instant (several at one), some of them after the end; records in any order.
 */
export function wildRun(id, seed) {
  const next = random(seed);
  const below = (count) => Math.floor(next() * count);
  const pick = (all) => all[below(all.length)];
  const at = (t) => new Date(START + t).toISOString();

  const nodes = Array.from({ length: 24 }, (_, n) => node(`n${n}`, pick(JOINS)));
  const edges = nodes.flatMap((target, n) =>
    Array.from({ length: n === 0 ? 0 : below(4) }, () => edge(nodes[below(n)].id, target.id, below(1_000_000))),
  );
  const refs = [...nodes.map((node) => node.id), "tool-call:7", "tool-call:8"];
  const events = Array.from({ length: 160 }, (_, n) => ({
    kind: "trace",
    id: String(n + 1),
    nodeId: pick(refs),
    type: pick(TYPES),
    level: "info",
    timestamp: at(below(120) * 10),
  }));
  const statuses = [
    { kind: "status", status: "RUNNING", updatedAt: at(40) },
    { kind: "status", status: pick(ENDS), updatedAt: at(1100), completedAt: at(1100) },
  ];
  return [
    { reel: 1, run: { id, workflowId: "wild", workflowName: "Wild", status: "QUEUED", startTime: at(0) }, graph: { nodes, edges } },
    ...shuffled([...events, ...statuses], next),
  ];
}

const node = (id, joinStrategy) => ({ id, type: "wild", data: { label: id, config: joinStrategy ? { joinStrategy } : {} } });
const edge = (source, target, n) => ({ id: `${source}-${target}-${n}`, source, target });

function shuffled(all, next) {
  const order = all.map((one) => [next(), one]).sort(([a], [b]) => a - b);
  return order.map(([, one]) => one);
}
