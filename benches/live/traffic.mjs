// Requests and bytes that one page causes while it watches one run, streamed against polled, in
// each dialect: `node benches/live/traffic.mjs [--minutes 10] [--dialects runreel,studio,playbook]`.
// Prints a table. `runreel` polls for what is new; `studio` is the same server without that, so that
// it is asked as a real Studio is; `playbook` polls whole views, as the original does.
//
// The run goes on in real time: 30 steps one after the other, each with a log line a second and a
// progress event every five. All pages watch it at once, each in a browser context of its own.
// Bytes are those on the wire, headers and compression included, without the app itself.
import { openStage, postReel, until } from "../../tests/browser/harness.mjs";
import { setTimeout as pause } from "node:timers/promises";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const minutes = Number(option("minutes", "10"));
const dialects = option("dialects", "runreel,studio,playbook").split(",");
const STEPS = 30;

const run = "traffic";
const stage = await openStage();
const start = Date.now();
const iso = (millis) => new Date(millis).toISOString();
const refs = Array.from({ length: STEPS }, (_, index) => `step-${index}`);
let sequence = 0;
const event = (nodeId, type, message) => ({
  kind: "trace", id: String(++sequence), nodeId, type, level: "info", timestamp: iso(Date.now()), message, metadata: { attempt: 1 },
});
const line = (nodeId, message) => ({
  kind: "log", id: `l${++sequence}`, nodeId, level: "info", stream: "stdout", message, timestamp: iso(Date.now()),
});
await postReel(stage.url, run, [
  {
    reel: 1,
    run: { id: run, workflowId: "w", workflowName: "Traffic", status: "RUNNING", startTime: iso(start) },
    graph: {
      nodes: refs.map((id) => ({ id, type: "command", data: { label: id, config: {} } })),
      edges: refs.slice(1).map((target, index) => ({ id: `e${index}`, source: refs[index], target })),
    },
  },
  event(refs[0], "STARTED"),
]);

const pages = [];
for (const dialect of dialects) {
  for (const streaming of [true, false]) {
    // Without the shared worker, whose requests the page's own counters do not see.
    const page = await stage.page({ sharing: false });
    const spoken = dialect === "playbook" ? "playbook" : "studio";
    await page.route("**/config.json", (route) =>
      route.fulfill({
        json: { ENABLE_EXECUTION_STREAMING: streaming, backends: [{ name: "own", dialect: spoken, baseUrl: "./" }] },
      }),
    );
    if (dialect === "studio") {
      page.watch.allow(/404/);
      await page.route("**/records*", (route) => route.fulfill({ status: 404, json: { statusCode: 404, message: "Cannot GET" } }));
    }
    const counted = await received(page);
    await page.goto(`/runs/${run}`);
    await until(page, ({ connection }) => connection === (streaming ? "live" : "polling"));
    pages.push({ dialect, streaming, page, counted });
  }
}

const length = minutes * 60_000;
for (let second = 1; second * 1_000 <= length; second++) {
  await pause(Math.max(0, start + second * 1_000 - Date.now()));
  const step = Math.min(STEPS - 1, Math.floor((second * 1_000 * STEPS) / length));
  const before = Math.min(STEPS - 1, Math.floor(((second - 1) * 1_000 * STEPS) / length));
  const records = [line(refs[step], `${second}: compared entry ${second * 7919} with its twin, nothing to report`)];
  if (second % 5 === 0) records.push(event(refs[step], "PROGRESS", `${second} of ${length / 1_000}`));
  if (step !== before) records.unshift(event(refs[before], "COMPLETED"), event(refs[step], "STARTED"));
  await postReel(stage.url, run, records);
}
await postReel(stage.url, run, [
  event(refs.at(-1), "COMPLETED"),
  { kind: "status", status: "COMPLETED", updatedAt: iso(Date.now()), completedAt: iso(Date.now()) },
]);

const rows = [];
for (const { dialect, streaming, page, counted } of pages) {
  await until(page, ({ connection }) => connection === "ended");
  const api = await counted();
  rows.push({ dialect, by: streaming ? "stream" : "polling", requests: api.requests, bytes: api.bytes });
}
console.log(`${minutes} minutes, ${sequence} records`);
console.table(rows);
for (const dialect of dialects) {
  const [stream, polling] = ["stream", "polling"].map((by) => rows.find((row) => row.dialect === dialect && row.by === by));
  const fewer = (name) => `${(100 * (1 - stream[name] / polling[name])).toFixed(1)} %`;
  console.log(`${dialect}: streaming takes ${fewer("requests")} fewer requests and ${fewer("bytes")} fewer bytes than polling`);
}
await stage.close();

/** Counts what the page asks of the API, bytes as they come (a stream has no end). */
async function received(page) {
  const session = await page.context().newCDPSession(page);
  const api = new Set();
  let requests = 0;
  let bytes = 0;
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (!new URL(request.url).pathname.startsWith("/api/")) return;
    api.add(requestId);
    requests += 1;
  });
  session.on("Network.responseReceivedExtraInfo", ({ requestId, headersText }) => {
    if (api.has(requestId)) bytes += headersText?.length ?? 0;
  });
  session.on("Network.dataReceived", ({ requestId, encodedDataLength, dataLength }) => {
    if (api.has(requestId)) bytes += encodedDataLength || dataLength;
  });
  await session.send("Network.enable");
  return async () => ({ requests, bytes });
}
