// Seeking in a long run: the state at an instant alone, then the whole page, by calls and by dragging.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "../../tests/browser/harness.mjs";
import { UNCAPPED, launch, measured, taskMillis } from "../lib/browser.mjs";
import { atLeast, below, table, verdicts } from "../lib/report.mjs";
import { serve } from "../lib/server.mjs";
import { figure, median, quantile, spread } from "../lib/stats.mjs";
import { EVENTS, LENGTH, NODES, draws } from "./data.mjs";
import { LINES, writeReel } from "./reel.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const [root, wasm] = ["ROOT", "BENCH_WASM"].map((name) => process.env[name]);
const SEEKS = 300;
/** How often the harness alone is measured: asking the page, and two frames in which nothing changes. */
const FLOORS = 60;
const DRAG_MILLIS = 10_000;
const size = `${EVENTS.toLocaleString("en-US")} events of ${NODES.toLocaleString("en-US")} nodes`;

await stateAlone();
await wholePage();

async function stateAlone() {
  const contestants = {
    objects: { name: "event objects folded into a Map", count: 30 },
    runreel: { name: "Runreel: RunState::at", count: 500 },
  };
  const server = await serve({ page: join(root, "benches/seek"), wasm });
  const browser = await launch();
  const runs = { objects: [], runreel: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [key, { count }] of Object.entries(contestants)) {
        const { result } = await measured(browser, `${server.url}/page/page.html`, (page) =>
          page.evaluate(([key, count]) => window.contestants[key](count), [key, count]),
        );
        runs[key].push(result);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  const at = (key, share) => runs[key].map((times) => quantile(times, share));
  console.log(`Chromium, state of every node at a random instant; ${size}\n`);
  table(
    ["", "p50, ms", "p95, ms", "p99, ms"],
    Object.entries(contestants).map(([key, { name }]) => [name, ...[0.5, 0.95, 0.99].map((share) => spread(at(key, share)))]),
  );
  const [ours, theirs] = ["runreel", "objects"].map((key) => median(at(key, 0.95)));
  verdicts([below("p95, ms", ours, 0.1), atLeast("speed of the Map", theirs / ours, 300)]);
}

async function wholePage() {
  const reel = join(root, "target/bench/seek-1.reel");
  await writeReel(reel);
  // With nothing in it: the page alone is wanted.
  const server = await startServer();
  const browser = await launch(UNCAPPED);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(300_000);
    page.on("pageerror", (error) => console.error(`in the page: ${error.message}`));
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    await page.goto(`${server.url}/open`);
    await page.waitForFunction(() => window.__runreel);
    const before = await resident(browser);
    const opened = await open(page, reel);
    const bytes = ((await resident(browser)) - before) / EVENTS;
    const seeks = await seekAbout(page, session);
    const frames = await drag(page);
    console.log(`Chromium, the whole page, ${size}, ${LINES.toLocaleString("en-US")} log lines, ${megabytes(reel)} from disk\n`);
    table(
      ["", "", ""],
      [
        ["first interactive frame", `${figure(opened / 1000)} s`, ""],
        ["memory of the page's process", `${figure(bytes)} B an event`, ""],
        ["two frames and no seek: main thread, ms (floor, taken off below)", `p50 ${figure(seeks.floor)}`, ""],
        ["a seek: main thread, ms", `p50 ${figure(quantile(seeks.main, 0.5))}`, `p95 ${figure(quantile(seeks.main, 0.95))}, p99 ${figure(quantile(seeks.main, 0.99))}`],
        ["a seek: to painted, ms", `p50 ${figure(quantile(seeks.wall, 0.5))}`, `p95 ${figure(quantile(seeks.wall, 0.95))}, p99 ${figure(quantile(seeks.wall, 0.99))}`],
        [`a drag of ${DRAG_MILLIS / 1000} s: frames, ms`, `p50 ${figure(quantile(frames, 0.5))}`, `p95 ${figure(quantile(frames, 0.95))}, worst ${figure(Math.max(...frames))} of ${frames.length}`],
      ],
    );
    verdicts([
      below("a seek's p95 on the main thread, ms", quantile(seeks.main, 0.95), 16.7),
      below("a seek's p99 on the main thread, ms", quantile(seeks.main, 0.99), 25),
      below("a drag's p95 frame, ms", quantile(frames, 0.95), 20),
      below("a drag's worst frame, ms", Math.max(...frames), 50),
      below("memory, B an event", bytes, 1_200),
    ]);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Milliseconds from choosing the file to the first frame of the run that answers. */
async function open(page, reel) {
  const begin = Date.now();
  await page.getByLabel("Choose a file").setInputFiles(reel);
  await page.getByRole("slider", { name: "Playhead" }).waitFor();
  await page.evaluate(() => window.__runreel.idle());
  return Date.now() - begin;
}

/** What each of many seeks to random instants costs: the main thread, and until it is painted. */
async function seekAbout(page, session) {
  const asked = async (work, at) => {
    const before = await taskMillis(session);
    const wall = await page.evaluate(work, at);
    return { main: (await taskMillis(session)) - before, wall };
  };
  const frames = async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  };
  const seek = async (at) => {
    const begin = performance.now();
    await window.__runreel.seek(at);
    return performance.now() - begin;
  };
  const idle = [];
  for (let turn = 0; turn < FLOORS; turn++) idle.push((await asked(frames)).main);
  const floor = quantile(idle, 0.5);
  const below = draws(11);
  const seeks = { floor, main: [], wall: [] };
  for (let turn = 0; turn < SEEKS; turn++) {
    const { main, wall } = await asked(seek, below(LENGTH));
    seeks.main.push(main - floor);
    seeks.wall.push(wall);
  }
  return seeks;
}

/** Milliseconds between the frames while the slider is dragged to and fro. */
async function drag(page) {
  const box = await page.getByRole("slider", { name: "Playhead" }).boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const next = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.frame_ = requestAnimationFrame(next);
    };
    window.frame_ = requestAnimationFrame(next);
  });
  const begin = Date.now();
  for (let passed = 0; passed < DRAG_MILLIS; passed = Date.now() - begin) {
    const share = 0.5 + 0.48 * Math.sin(passed / 900);
    await page.mouse.move(box.x + share * box.width, y);
  }
  await page.mouse.up();
  return page.evaluate(() => {
    cancelAnimationFrame(window.frame_);
    return window.frames_.slice(1);
  });
}

/** Bytes of all renderers that only they hold. */
async function resident(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const held = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => /^Anonymous:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  await session.detach();
  return held.reduce((sum, kilobytes) => sum + Number(kilobytes) * 1024, 0);
}

function megabytes(file) {
  return `${figure(statSync(file).size / 1e6)} MB`;
}
