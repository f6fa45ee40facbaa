// A run of 100,000 attempts: 1,000 nodes of 100 each over about an hour, one in ten failing; the same each time.

export const NODES = 1_000;
export const ATTEMPTS = 100;
const START = Date.UTC(2026, 0, 1);
/** Records a request. */
const PIECE = 50_000;

/** The reel of a run, in pieces that fit into a request. */
export function* reel(id) {
  const names = Array.from({ length: NODES }, (_, n) => `node-${String(n).padStart(4, "0")}`);
  const lines = [
    {
      reel: 1,
      run: { id, workflowId: "w", workflowName: "Bars", status: "RUNNING", startTime: iso(0) },
      graph: { name: "Bars", nodes: names.map((name) => ({ id: name, type: "bench", data: { label: name, config: {} } })), edges: [] },
    },
    ...events(names),
    { kind: "status", status: "COMPLETED", completedAt: iso(3_600_000), updatedAt: iso(3_600_000) },
  ];
  for (let at = 0; at < lines.length; at += PIECE) yield lines.slice(at, at + PIECE);
}

function events(names) {
  const random = randoms(1);
  const events = names.flatMap((nodeId, n) => {
    let at = n * 300;
    return Array.from({ length: ATTEMPTS }, (_, index) => {
      const metadata = { attempt: index + 1 };
      const from = at;
      const to = from + 500 + Math.floor(random() * 30_000);
      at = to + 1 + Math.floor(random() * 5_000);
      const type = random() < 0.1 ? "FAILED" : "COMPLETED";
      return [
        { at: from, nodeId, type: "STARTED", metadata },
        { at: to, nodeId, type, metadata },
      ];
    }).flat();
  });
  events.sort((a, b) => a.at - b.at);
  return events.map(({ at, ...event }, n) => ({ kind: "trace", id: String(n + 1), level: "info", timestamp: iso(at), ...event }));
}

/** Numbers from 0 to 1 (Park and Miller). */
function randoms(seed) {
  return () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function iso(at) {
  return new Date(START + at).toISOString();
}
