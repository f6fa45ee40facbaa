// A small run to post: two steps, the second still running.

const START = Date.UTC(2026, 0, 1);
const at = (ms) => new Date(START + ms).toISOString();

/** A reel's lines; `going` leaves it without an end. */
export function smallRun(id, { name = "Small" } = {}) {
  return [
    {
      reel: 1,
      run: { id, workflowId: "small", workflowName: name, status: "RUNNING", startTime: at(0) },
      graph: {
        nodes: ["first", "second"].map((ref) => ({ id: ref, type: "command", data: { label: ref, config: {} } })),
        edges: [{ id: "e", source: "first", target: "second" }],
      },
    },
    event(1, "first", "STARTED", 100),
    line(1, "first", "hello", 200),
    event(2, "first", "COMPLETED", 1_000),
    event(3, "second", "STARTED", 1_200),
  ];
}

/** A lifecycle event `ms` after the start. */
export const event = (id, nodeId, type, ms) => ({ kind: "trace", id: String(id), nodeId, type, level: "info", timestamp: at(ms) });

/** A log line. */
export const line = (id, nodeId, message, ms) => ({
  kind: "log", id: `l${id}`, nodeId, level: "info", stream: "stdout", message, timestamp: at(ms), sequence: id,
});

/** The run's end. */
export const ending = (status, ms) => ({ kind: "status", status, updatedAt: at(ms), completedAt: at(ms) });
