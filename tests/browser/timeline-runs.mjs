// Runs for the tests of the timeline, drawn so that every number in the tests can be read off here.

const START = Date.UTC(2026, 0, 1);
const iso = (at) => new Date(START + at).toISOString();

/**
 * A reel: `nodes` by name, `edges` as `[from, to]`, `events` as `[ms, node, type, attempt?, message?]`.
 * @param {{end?: number, status?: string, more?: object[]}} options when and how it ends (not at all without `end`), and further records
 */
export function drawn(id, nodes, edges, events, { end, status = "COMPLETED", more = [] } = {}) {
  const lines = [
    {
      reel: 1,
      run: { id, workflowId: "w", workflowName: id, status: "RUNNING", startTime: iso(0) },
      graph: {
        name: id,
        nodes: nodes.map((name) => ({ id: name, type: "test", data: { label: name, config: {} } })),
        edges: edges.map(([source, target]) => ({ id: `${source}-${target}`, source, target })),
      },
    },
    ...events.map(([at, nodeId, type, attempt, message], n) => ({
      kind: "trace",
      id: `${n + 1}`,
      nodeId,
      type,
      level: "info",
      timestamp: iso(at),
      ...(message && { message }),
      ...(attempt && { metadata: { attempt } }),
    })),
    ...more.map(({ at, ...record }) => ({ timestamp: iso(at), ...record })),
  ];
  if (end !== undefined) lines.push({ kind: "status", status, completedAt: iso(end), updatedAt: iso(end) });
  return lines;
}

/** 100 s: `build` 0 to 40 s, `test` fails at 60 s and succeeds from 70 to 100 s; `lint` beside them. */
export const story = (id) =>
  drawn(
    id,
    ["build", "lint", "test"],
    [["build", "test"]],
    [
      [0, "build", "STARTED", 1],
      [1_000, "lint", "STARTED", 1],
      [20_000, "lint", "COMPLETED", 1],
      [40_000, "build", "COMPLETED", 1],
      [41_000, "test", "STARTED", 1],
      [60_000, "test", "FAILED", 1, "assertion failed"],
      [70_000, "test", "STARTED", 2],
      [100_000, "test", "COMPLETED", 2],
    ],
    { end: 100_000 },
  );
