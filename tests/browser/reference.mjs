// What every node's state is at an instant, worked out from a reel and the glossary's rules alone:
// slow, plain and independent of the app, so that the two can be compared.

const ENDED = ["COMPLETED", "FAILED", "CANCELLED", "TERMINATED", "TIMED_OUT", "CONTINUED_AS_NEW"];
const STATES = {
  STARTED: "running",
  PROGRESS: "running",
  AWAITING_INPUT: "awaiting_input",
  COMPLETED: "success",
  FAILED: "failed",
  SKIPPED: "skipped",
};

/**
 * Fetches a run's reel and reads it.
 * @returns {Promise<Reel>} `{start, end, graph, records}`, instants in milliseconds
 */
export async function fetchReel(url, id) {
  const response = await fetch(reelAddress(url, id));
  if (!response.ok) throw new Error(`GET reel of ${id}: ${response.status}`);
  return readReel(await response.text());
}

export const reelAddress = (url, id) => `${url}/api/v1/workflows/runs/${encodeURIComponent(id)}/reel`;

/** Reads a reel's text. */
export function readReel(text) {
  const [header, ...records] = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
  const start = Date.parse(header.run.startTime);
  const instants = records.map(instantOf).filter(Number.isFinite);
  return {
    run: header.run,
    graph: header.graph ?? { nodes: [], edges: [] },
    records,
    start,
    end: instants.reduce((last, at) => Math.max(last, at), start),
  };
}

/** `{ref: state}` at `t` milliseconds from the run's start, of the nodes that are there by then. */
export function statesAt(reel, t) {
  const at = reel.start + t;
  const latest = latestEvents(reel, at);
  const status = statusAt(reel, at);
  const states = new Map();
  for (const node of reel.graph.nodes) states.set(node.id, undefined);
  for (const ref of latest.keys()) if (!states.has(ref)) states.set(ref, undefined);
  const settle = (ref) => {
    if (states.get(ref) === undefined) states.set(ref, stateOf(reel, ref, { latest, status, settle }));
    return states.get(ref);
  };
  for (const ref of states.keys()) settle(ref);
  return Object.fromEntries(states);
}

/** How many log lines there are up to `t`. */
export function logLinesAt(reel, t) {
  return reel.records.filter((record) => record.kind === "log" && instantOf(record) <= reel.start + t).length;
}

/** Instants at which something may change, in milliseconds from the start: each event's, and the one before it. */
export function turningPoints(reel) {
  const events = reel.records.filter(({ kind }) => kind === "trace" || kind === "status");
  const points = events.map((event) => instantOf(event) - reel.start).flatMap((t) => [t - 1, t]);
  const length = reel.end - reel.start;
  return [...new Set([0, ...points, length])].filter((t) => t >= 0 && t <= length).sort((a, b) => a - b);
}

function stateOf(reel, ref, { latest, status, settle }) {
  const over = ENDED.includes(status);
  const event = latest.get(ref);
  if (event !== undefined) {
    const state = STATES[event.type];
    return over && ["running", "awaiting_input"].includes(state) ? "canceled" : state;
  }
  if (over) return status === "COMPLETED" ? "skipped" : "canceled";
  if (status === undefined || status === "QUEUED") return "idle";
  const parents = [...new Set(reel.graph.edges.filter((edge) => edge.target === ref).map((edge) => edge.source))];
  const states = parents.map(settle);
  const done = states.filter((state) => state === "success").length;
  const lost = states.filter((state) => ["failed", "skipped", "blocked"].includes(state)).length;
  const node = reel.graph.nodes.find((node) => node.id === ref);
  const one = ["any", "first"].includes(node?.data?.config?.joinStrategy);
  if (parents.length === 0 || (one ? done > 0 : done === parents.length)) return "queued";
  return (one ? lost === parents.length : lost > 0) ? "blocked" : "waiting";
}

// Orchestration's `workflow` is the run itself, no node; events of HTTP and unknown types change nothing.
function latestEvents(reel, at) {
  const events = reel.records
    .filter(({ kind, type }) => kind === "trace" && type in STATES)
    .filter(({ nodeId, metadata }) => nodeId !== "workflow" || metadata?.activityId !== "workflow-orchestration")
    .filter((event) => instantOf(event) <= at)
    .sort((a, b) => instantOf(a) - instantOf(b) || natural(a.id, b.id));
  return new Map(events.map((event) => [event.nodeId, event]));
}

// The latest holds, but a run that has ended does not go on again. The header of a run that has
// ended says so; that holds from its end on.
function statusAt(reel, at) {
  const { status, startTime, endTime } = reel.run;
  const stated = ENDED.includes(status) ? { status: "RUNNING" } : { status };
  const first = { kind: "status", updatedAt: startTime, ...stated };
  const last = endTime && ENDED.includes(status) ? [{ kind: "status", updatedAt: endTime, status }] : [];
  const known = [first, ...last, ...reel.records.filter(({ kind }) => kind === "status")]
    .filter((status) => instantOf(status) <= at)
    .sort((a, b) => instantOf(a) - instantOf(b))
    .map(({ status }) => status);
  return known.filter((status) => ENDED.includes(status)).at(-1) ?? known.at(-1);
}

function instantOf(record) {
  switch (record.kind) {
    case "status":
      return Date.parse((ENDED.includes(record.status) && record.completedAt) || record.updatedAt);
    case "terminal":
      return Date.parse(record.recordedAt);
    case "artifact":
      return Date.parse(record.createdAt);
    case "human_input":
      return Date.parse(record.updatedAt ?? record.createdAt);
    case "io":
      return Date.parse(record.completedAt ?? record.startedAt);
    case "packet":
      return record.timestamp;
    default:
      return Date.parse(record.timestamp);
  }
}

const natural = (a, b) => a.localeCompare(b, "en", { numeric: true });
