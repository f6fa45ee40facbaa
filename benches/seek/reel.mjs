// The run as a file, with a graph and log lines.
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { EVENTS, LENGTH, NODES, TYPES, draws, events } from "./data.mjs";

export const LINES = 100_000;
const FIRST = 1_700_000_000_000;
const ID = "bench-seek";

/** Writes the reel to `path` unless it is there. */
export async function writeReel(path) {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(`${path}.part`);
  const put = async (text) => {
    if (!file.write(text)) await once(file, "drain");
  };
  const date = (millis) => new Date(FIRST + millis).toISOString();
  const header = {
    reel: 1,
    run: { id: ID, workflowId: ID, workflowName: "A million events", status: "RUNNING", startTime: date(0) },
    graph: graph(),
  };
  await put(`${JSON.stringify(header)}\n`);
  const run = events();
  const every = EVENTS / LINES;
  let batch = "";
  for (let index = 0; index < EVENTS; index++) {
    const [node, timestamp] = [`step-${run.node[index]}`, date(run.at[index])];
    const message = run.type[index] === 1 ? `,"message":"scanned ${index % 128}/127"` : "";
    batch += `{"kind":"trace","id":"${index + 1}","nodeId":"${node}","type":"${TYPES[run.type[index]]}","level":"info","timestamp":"${timestamp}"${message}}\n`;
    if (index % every === 0)
      batch += `{"kind":"log","id":"l${index}","nodeId":"${node}","level":"info","stream":"stdout","message":"host-${index % 9973} answered after ${index % 251} ms","timestamp":"${timestamp}"}\n`;
    if (batch.length > 1 << 20) {
      await put(batch);
      batch = "";
    }
  }
  const end = date(LENGTH);
  await put(`${batch}${JSON.stringify({ kind: "status", status: "COMPLETED", completedAt: end, updatedAt: end })}\n`);
  file.end();
  await once(file, "finish");
  renameSync(`${path}.part`, path);
}

/** Layers of 100, each node behind one or two of the layer before. */
function graph() {
  const below = draws(7);
  const nodes = Array.from({ length: NODES }, (_, index) => ({ id: `step-${index}` }));
  const edges = [];
  for (let index = 100; index < NODES; index++) {
    const layer = Math.floor(index / 100) - 1;
    for (let edge = 0; edge <= index % 2; edge++) {
      edges.push({ source: `step-${layer * 100 + below(100)}`, target: `step-${index}` });
    }
  }
  return { nodes, edges };
}
