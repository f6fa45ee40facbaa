// Seeking in a terminal recording: Runreel, asciinema-player, and xterm.js written anew from the start.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UNCAPPED, launch, measured } from "../lib/browser.mjs";
import { atLeast, atMost, table, verdicts } from "../lib/report.mjs";
import { serve } from "../lib/server.mjs";
import { figure, median, quantile, spread } from "../lib/stats.mjs";
import { cast } from "./data.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const [root, wasm] = ["ROOT", "BENCH_WASM"].map((name) => process.env[name]);
const CONTESTANTS = {
  asciinema: "asciinema-player 3.17.0",
  xterm: "xterm.js 6.0.0, reset and rewritten",
  runreel: "Runreel",
};
/** Where to, one after the other, as fractions of the length; small steps back among them. */
const SEEKS = [0.9, 0.5, 0.95, 0.1, 0.75, 0.7499, 0.25, 0.9999, 0.6, 0.05, 0.85, 0.8499, 0.8498];
const BACK = [5, 11, 12];
const SAMPLES = 100;
const FRAME = 1000 / 60;

const data = Buffer.from(cast());
const modules = join(root, "node_modules");
const server = await serve(
  {
    page: join(root, "benches/terminal"),
    vendor: join(root, "public/vendor"),
    xterm: join(modules, "@xterm/xterm"),
    addons: join(modules, "@xterm"),
    "asciinema-player": join(modules, "asciinema-player/dist/bundle"),
    wasm,
  },
  {
    "/recording.cast": (_, response) => response.end(data),
    "/vendor/xterm.css": (_, response) => {
      response.writeHead(200, { "content-type": "text/css" });
      response.end(readFileSync(join(modules, "@xterm/xterm/css/xterm.css")));
    },
  },
);
// A frame ends when its work ends, so that times are not multiples of a sixtieth of a second.
const browser = await launch(UNCAPPED);
const open = (name, work) =>
  measured(browser, `${server.url}/page/page.html`, async (page) => {
    const load = await page.evaluate((name) => window.contestants[name]("/recording.cast"), name);
    return work(page, load);
  });

try {
  await seeks();
  await sameScreens();
} finally {
  await browser.close();
  server.close();
}

async function seeks() {
  const runs = Object.fromEntries(Object.keys(CONTESTANTS).map((name) => [name, { load: [], done: [], painted: [] }]));
  const rests = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(runs)) {
      await open(name, async (page, load) => {
        run.load.push(load);
        if (name === "runreel") rests.push(await page.evaluate(() => window.opened.rest()));
        for (const [index, fraction] of SEEKS.entries()) {
          const { done, painted } = await page.evaluate((fraction) => window.opened.seek(fraction), fraction);
          (run.done[index] ??= []).push(done);
          (run.painted[index] ??= []).push(painted);
        }
      });
    }
  }
  report(runs, rests);
}

function report(runs, rests) {
  console.log(`Chromium, a recording of an hour: 200,000 events, ${(data.length / 1e6).toFixed(1)} MB\n`);
  const names = Object.keys(runs);
  const rows = (kind) =>
    SEEKS.map((fraction, index) => [
      `${SEEKS[index - 1] ?? 0} → ${fraction}`,
      ...names.map((name) => spread(runs[name][kind][index])),
    ]);
  table(["seek, ms until done", ...Object.values(CONTESTANTS)], rows("done"));
  table(["seek, ms until painted", ...Object.values(CONTESTANTS)], rows("painted"));
  table(
    ["ms", ...Object.values(CONTESTANTS)],
    [["opening", ...names.map((name) => spread(runs[name].load))]],
  );
  const of = (key) => spread(rests.map((rest) => rest[key]));
  console.log(`Runreel then read ahead in ${of("frames")} frames: ${of("total")} ms, the longest frame ${of("longest")} ms.\n`);

  const steps = (name, kind) => BACK.flatMap((index) => runs[name][kind][index]);
  const all = (name, kind) => runs[name][kind].flat();
  const times = (theirs, pick, kind) => median(pick(theirs, kind)) / median(pick("runreel", kind));
  const done = all("runreel", "done");
  const p95 = quantile(done, 0.95);
  console.log(`Runreel, until done: median ${figure(median(done))} ms, 95 of 100 within ${figure(p95)} ms.\n`);
  verdicts([
    atLeast("small steps back, of asciinema-player", times("asciinema", steps, "done"), 12),
    atLeast("small steps back, of xterm.js", times("xterm", steps, "done"), 6),
    atLeast("all seeks, of asciinema-player", times("asciinema", all, "done"), 12),
    atLeast("all seeks, of xterm.js", times("xterm", all, "done"), 6),
    atLeast("small steps back, painted, of asciinema-player", times("asciinema", steps, "painted"), 12),
    atLeast("small steps back, painted, of xterm.js", times("xterm", steps, "painted"), 6),
    atMost("95 of 100 seeks done, of a frame of 16.7 ms", p95 / FRAME, 1),
  ]);
}

/** Ours in any order against xterm.js written from the start. */
async function sameScreens() {
  const fractions = Array.from({ length: SAMPLES }, (_, index) => (index * 0.61803398875 + 0.003) % 1);
  const ordered = [...fractions].sort((a, b) => a - b);
  const screens = (name, fractions) =>
    open(name, (page) => page.evaluate((fractions) => window.screens(fractions), fractions));
  const { result: expected } = await screens("xterm", ordered);
  const { result: found } = await screens("runreel", fractions);
  const same = fractions.filter((fraction, index) => found[index] === expected[ordered.indexOf(fraction)]).length;
  console.log(`Text, colours and cursor are those of xterm.js written from the start at ${same} of ${SAMPLES} instants.\n`);
  if (same < SAMPLES) process.exitCode = 1;
}
