// Server-sent events: our way of a stream against the browser's own and a popular parser, and our parser alone.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, measured } from "../lib/browser.mjs";
import { atLeast, atMost, table, verdicts } from "../lib/report.mjs";
import { pour, serve } from "../lib/server.mjs";
import { figure, median, spread } from "../lib/stats.mjs";
import { EVENTS, streams } from "./data.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const [root, native, wasm] = ["ROOT", "BENCH_NATIVE", "BENCH_WASM"].map((name) => process.env[name]);
const CONTESTANTS = {
  bytes: "bytes through fetch, unparsed (floor)",
  eventSource: "EventSource, JSON.parse",
  eventsourceParser: "fetch, eventsource-parser 4.1.3, JSON.parse",
  runreel: "Runreel: fetch, parse, decode, store",
};

const data = streams();
await inChromium("one event a frame", "single", goals);
await inChromium("frames of up to 60 KiB, as our server sends them", "packed");
natively();

/** Every contestant once a round, each in a page of its own. */
async function inChromium(title, name, judge) {
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
  const server = await serve(
    { page: join(root, "benches/sse"), wasm, "eventsource-parser": join(root, "node_modules/eventsource-parser/dist") },
    { "/stream": pour(data[name], headers) },
  );
  const browser = await launch();
  const runs = Object.fromEntries(Object.keys(CONTESTANTS).map((key) => [key, { wall: [], main: [] }]));
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [key, { wall, main }] of Object.entries(runs)) {
        const { result, mainMs } = await measured(browser, `${server.url}/page/page.html`, (page) =>
          page.evaluate(([key, total]) => window.contestants[key]("/stream", total), [key, EVENTS]),
        );
        if (key !== "bytes" && result.events !== EVENTS) throw new Error(`${key} saw ${result.events} events`);
        wall.push(result.ms);
        main.push(mainMs);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  console.log(`Chromium, ${EVENTS.toLocaleString("en-US")} trace events, ${title}: ${megabytes(data[name])} over loopback\n`);
  const ours = median(runs.runreel.wall);
  table(
    ["", "wall, ms", "main thread, ms", "events/s", "wall, ours = 1"],
    Object.entries(runs).map(([key, { wall, main }]) => {
      const rate = Math.round(EVENTS / (median(wall) / 1000));
      return [CONTESTANTS[key], spread(wall), spread(main), rate.toLocaleString("en-US"), figure(median(wall) / ours)];
    }),
  );
  judge?.(runs);
}

function goals({ eventSource, eventsourceParser, runreel }) {
  const ratio = (ours, theirs) => median(theirs) / median(ours);
  verdicts([
    atLeast("events/s of EventSource", ratio(runreel.wall, eventSource.wall), 10),
    atLeast("events/s of eventsource-parser", ratio(runreel.wall, eventsourceParser.wall), 1.2),
    atMost("main thread of EventSource", 1 / ratio(runreel.main, eventSource.main), 0.25),
  ]);
}

/** The parser alone, native, over the same bytes. */
function natively() {
  const file = join(root, "target/bench/events.sse");
  mkdirSync(join(root, "target/bench"), { recursive: true });
  writeFileSync(file, data.single);
  const times = JSON.parse(execFileSync(join(native, "sse"), [file, "15"], { encoding: "utf8" }));
  console.log(`Native, the same ${megabytes(data.single)} in memory, in chunks of 64 KiB: parsed only\n`);
  const ours = median(times["source::sse"]);
  table(
    ["", "ms", "ours = 1"],
    Object.entries(times).map(([name, millis]) => [name, spread(millis), figure(median(millis) / ours)]),
  );
  verdicts([atMost("time of sse-core", ours / median(times["sse-core 0.2.3"]), 1.5)]);
}

function megabytes(bytes) {
  return `${(bytes.length / 1e6).toFixed(1)} MB`;
}
