// A run of three hours with long silences, two failures and several events at one instant; small enough to read.

const START = Date.UTC(2026, 0, 1);
/** How long it is, in milliseconds. */
export const LENGTH = 10_800_000;
/** Instants of its events, each once, in milliseconds from the start. */
export const EVENTS = [1_000, 60_000, 61_000, 4_000_000, 4_010_000, 9_000_000, 9_100_000];
/** Instants of its failures. */
export const FAILURES = [4_000_000, 9_100_000];

/** Milliseconds from the run's start as a timestamp. */
export const at = (t) => new Date(START + t).toISOString();

/** @returns {object[]} its reel; without its end when it is to go on. */
export function nightRun(id, { over = true } = {}) {
  const nodes = ["fetch", "scan", "merge", "report"];
  const edges = nodes.slice(1).map((target, n) => ({ source: nodes[n], target }));
  const run = { id, workflowId: "night", workflowName: "Nightly scan", status: "RUNNING", startTime: at(0), triggerType: "schedule" };
  const lines = [{ reel: 1, run, graph: { nodes: nodes.map((node) => ({ id: node })), edges } }];
  const trace = (t, nodeId, type, attempt = 1) =>
    lines.push({ kind: "trace", id: String(lines.length), nodeId, type, level: "info", timestamp: at(t), metadata: { attempt } });
  trace(1_000, "fetch", "STARTED");
  trace(60_000, "fetch", "COMPLETED");
  trace(61_000, "scan", "STARTED");
  for (let t = 70_000; t < 600_000; t += 20_000)
    lines.push({ kind: "log", id: `l${t}`, nodeId: "scan", level: "info", message: `host ${t / 1000}`, timestamp: at(t) });
  trace(4_000_000, "scan", "FAILED");
  trace(4_010_000, "scan", "STARTED", 2);
  // Three events of one instant.
  trace(9_000_000, "scan", "PROGRESS", 2);
  trace(9_000_000, "scan", "COMPLETED", 2);
  trace(9_000_000, "merge", "STARTED");
  trace(9_100_000, "merge", "FAILED");
  if (over) lines.push({ kind: "status", status: "FAILED", completedAt: at(LENGTH), updatedAt: at(LENGTH) });
  return lines;
}
