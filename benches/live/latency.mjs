// From an event written at the server to its pixels on the page, at a steady rate: `node
// benches/live/latency.mjs [--rate 1000] [--seconds 60] [--nodes 50]`. Prints one JSON object.
//
// Every tenth of a second the writer flips the state of one node; the page looks for the flip in each
// of its frames. Both read the same machine's clock. The instant of the flip is when its POST is
// sent, so the server's work (and its fsync) is part of what is measured.
import { openRun, openStage } from "../../tests/browser/harness.mjs";
import { setTimeout as pause } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const rate = option("rate", 1_000);
const seconds = option("seconds", 60);
const nodes = option("nodes", 50);
/** Between two posts, milliseconds. */
const STEP = 20;
/** Posts between two flips. */
const FLIP = 5;
/** Nodes that flip in turn, so that a flip that was never seen is not taken for another. */
const PROBES = 8;

const run = "latency";
const stage = await openStage();
const agent = new Agent({ keepAlive: true });
const began = Date.now();
let sequence = 0;
let written = 0;

const probes = Array.from({ length: PROBES }, (_, index) => `probe-${index}`);
const refs = [...probes, ...Array.from({ length: nodes }, (_, index) => `step-${index}`)];
const edge = (target, index) => ({ id: `e${index}`, source: refs[index > 5 ? index - 5 : 0], target });
await post([
  {
    reel: 1,
    run: { id: run, workflowId: "w", workflowName: "Latency", status: "RUNNING", startTime: iso(began) },
    graph: {
      name: "Latency",
      nodes: refs.map((id) => ({ id, type: "bench", position: { x: 0, y: 0 }, data: { label: id, config: {} } })),
      edges: refs.slice(1).map(edge),
    },
  },
  ...refs.map((ref) => event(ref, "STARTED", began)),
]);

const page = await stage.page();
await openRun(page, run);
await page.getByRole("status", { name: "Connection" }).getByText("LIVE").waitFor();
await page.evaluate(watch, probes);
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
const mainThread = await rendererPid();
const before = await metrics();

const flips = [];
const open = [];
const start = Date.now();
for (let step = 0; step * STEP < seconds * 1_000; step++) {
  await pause(Math.max(0, start + step * STEP - Date.now()));
  const now = Date.now();
  const records = [];
  // What a slow step leaves behind is caught up with: the rate is that of the whole.
  const due = Math.round(((step + 1) * STEP * rate) / 1_000) - written;
  for (let index = 0; index < due - 1; index++) {
    records.push(event(refs[PROBES + ((written + index) % nodes)], "PROGRESS", now, `item ${written + index}`));
  }
  if (step % FLIP === 0) {
    const node = probes[flips.length % PROBES];
    const begins = Math.floor(flips.length / PROBES) % 2 === 1;
    records.push(event(node, begins ? "STARTED" : "COMPLETED", now));
    flips.push({ node, state: begins ? "running" : "success", at: now });
  } else {
    records.push(event(refs.at(-1), "PROGRESS", now));
  }
  written += records.length;
  open.push(post(records));
}
await Promise.all(open);
const wall = (Date.now() - start) / 1_000;
await page.waitForTimeout(500);
const after = await metrics();
const seen = await page.evaluate(() => window.__seen);
const late = flips.map(({ node, state, at }) => {
  const next = at + STEP * FLIP * PROBES;
  return seen.find((each) => each.node === node && each.state === state && each.at >= at && each.at < next)?.at - at;
});
const missed = late.filter((each) => Number.isNaN(each)).length;
const known = late.filter((each) => !Number.isNaN(each)).sort((a, b) => a - b);
const at = (share) => known[Math.min(known.length - 1, Math.floor(known.length * share))];
const share = (name) => Number(((after[name] - before[name]) / (after.Timestamp - before.Timestamp)).toFixed(3));
console.log(
  JSON.stringify({
    rate: Math.round(written / wall),
    seconds: Math.round(wall),
    flips: flips.length,
    missed,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: known.at(-1),
    mainBusy: share("TaskDuration"),
    mainCpu: share("MainCpu"),
    script: share("ScriptDuration"),
    layout: share("LayoutDuration"),
    style: share("RecalcStyleDuration"),
    heapMB: Math.round(after.JSHeapUsedSize / 1e6),
  }),
);
agent.destroy();
await stage.close();

/** In the page: the instants at which flips of the probes were painted. */
function watch(probes) {
  window.__seen = [];
  const item = (node) => document.querySelector(`[role="treeitem"][data-node="${node}"]`);
  const known = probes.map((node) => ({ node, item: item(node), state: item(node).dataset.state }));
  const look = () => {
    for (const probe of known) {
      if (probe.item.dataset.state === probe.state) continue;
      probe.state = probe.item.dataset.state;
      const entry = { node: probe.node, state: probe.state };
      window.__seen.push(entry);
      // The frame that shows it has been painted when the next one begins.
      requestAnimationFrame(() => (entry.at = Date.now()));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function metrics() {
  const { metrics } = await session.send("Performance.getMetrics");
  // Seconds on a core, which other programs on the machine do not stretch as they do wall time.
  const [nanos] = readFileSync(`/proc/${mainThread}/task/${mainThread}/schedstat`, "utf8").split(" ");
  return { ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])), MainCpu: Number(nanos) / 1e9 };
}

/** The page's process: of several renderers the one that worked most. */
async function rendererPid() {
  const browser = await stage.browser.newBrowserCDPSession();
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return renderers.sort((a, b) => b.cpuTime - a.cpuTime)[0].id;
}

function iso(millis) {
  return new Date(millis).toISOString();
}


function event(nodeId, type, millis, message) {
  sequence += 1;
  const attempt = { metadata: { attempt: 1 } };
  return { kind: "trace", id: String(sequence), nodeId, type, level: "info", timestamp: iso(millis), message, ...attempt };
}

function post(records) {
  const body = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  return new Promise((resolve, reject) => {
    const to = `${stage.url}/api/v1/workflows/runs/${run}/reel`;
    const headers = { "Content-Type": "application/x-ndjson", "Content-Length": Buffer.byteLength(body) };
    const sent = request(to, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => (answer.statusCode < 300 ? resolve() : reject(new Error(`POST ${answer.statusCode}`))));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
