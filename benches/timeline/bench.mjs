// Zooming, panning and scrolling a timeline of 100,000 bars, in the app itself: milliseconds from frame to frame where
// Chromium draws as fast as it can, beside the floor: a canvas of the same size that is only cleared.
import { openRun, postReel, startServer } from "../../tests/browser/harness.mjs";
import { UNCAPPED, launch, taskMillis } from "../lib/browser.mjs";
import { below, table, verdicts } from "../lib/report.mjs";
import { figure, quantile, spread } from "../lib/stats.mjs";
import { NODES, ATTEMPTS, reel } from "./data.mjs";

const RUN = "bars";
const FRAMES = 240;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
/** A frame at 60 Hz, in milliseconds. */
const FRAME = 16.7;
const MOVES = {
  // So that the 60th turn just comes to the closest zoom: of one that changes nothing nothing is drawn, and
  // what is measured then is the wait for the next frame.
  "zoom, from the whole run to a second and back": { deltaY: (n) => (n % 120 < 60 ? -34 : 34), ctrlKey: true, share: () => 0.37 },
  "pan, a tenth of the run in view": { deltaY: (n) => (n % 120 < 60 ? 40 : -40), shiftKey: true, share: () => 0.5 },
  "scroll the lanes, the whole run in view": { deltaY: (n) => (n % 120 < 60 ? 60 : -60), share: () => 0.5 },
};

const server = await startServer();
const browser = await launch(UNCAPPED);
/** By contestant: milliseconds from frame to frame, and the main thread's processor time, of each round. */
const taken = {};
try {
  for (const lines of reel(RUN)) await postReel(server.url, RUN, lines);
  for (let round = 0; round < ROUNDS; round++) {
    note("floor", await floor());
    for (const name of Object.keys(MOVES)) note(name, await inApp(name));
  }
  console.log(`Chromium, ${NODES * ATTEMPTS} bars in ${NODES} lanes, 1440 × 900, ${ROUNDS * FRAMES} frames each\n`);
  table(
    ["", "p50, ms", "p95, ms", "p99, ms", "most, ms", "main thread, ms of processor a frame"],
    Object.entries(taken).map(([name, { times, cpu }]) => [
      name,
      ...[0.5, 0.95, 0.99, 1].map((share) => figure(quantile(times, share))),
      spread(cpu),
    ]),
  );
  verdicts(Object.keys(MOVES).map((name) => below(`p95, ${name}, ms`, quantile(taken[name].times, 0.95), FRAME)));
} finally {
  await browser.close();
  await server.stop();
}

/** Frames of a canvas as large as the timeline's, cleared each time. */
async function floor() {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.setContent(`<canvas width="950" height="280"></canvas>`);
    return await costed(page, () => page.evaluate(async (count) => {
      const context = document.querySelector("canvas").getContext("2d");
      const frame = () => new Promise(requestAnimationFrame);
      const times = [];
      let before = await frame();
      for (let n = 0; n < count; n++) {
        context.clearRect(0, 0, 950, 280);
        context.fillRect(n, 0, 1, 1);
        const now = await frame();
        times.push(now - before);
        before = now;
      }
      return times;
    }, FRAMES));
  } finally {
    await page.close();
  }
}

/** Frames of the app while the wheel turns once a frame. */
async function inApp(name) {
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => console.error(`in the page: ${error.message}`));
  try {
    const query = name.startsWith("pan") ? { zoom: "1200000-1560000" } : {};
    await openRun(page, RUN, query);
    const { deltaY, share, ...keys } = MOVES[name];
    const turns = Array.from({ length: FRAMES }, (_, n) => ({ deltaY: deltaY(n), share: share(n), ...keys }));
    return await costed(page, () => page.evaluate(async (turns) => {
      const canvas = document.querySelector('canvas[aria-label="Timeline"]');
      const box = canvas.getBoundingClientRect();
      const frame = () => new Promise(requestAnimationFrame);
      const times = [];
      let before = await frame();
      for (const { share, ...turn } of turns) {
        const place = { clientX: box.left + 184 + (box.width - 196) * share, clientY: box.top + 120 };
        canvas.dispatchEvent(new WheelEvent("wheel", { ...turn, ...place, bubbles: true, cancelable: true }));
        const now = await frame();
        times.push(now - before);
        before = now;
      }
      return times;
    }, turns));
  } finally {
    await page.close();
  }
}

function note(name, { times, cpu }) {
  const all = (taken[name] ??= { times: [], cpu: [] });
  all.times.push(...times);
  all.cpu.push(cpu);
}

/** What `work` returns, as `times`, and the processor time of the main thread in tasks meanwhile, milliseconds a frame. */
async function costed(page, work) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await taskMillis(session);
  const times = await work();
  return { times, cpu: ((await taskMillis(session)) - before) / times.length };
}
