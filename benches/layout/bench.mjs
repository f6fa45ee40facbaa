// Laying out graphs: ours, dagre, Graphviz and elkjs in Chromium, by time and by what comes of it.
import { join } from "node:path";
import { launch, taskMillis } from "../lib/browser.mjs";
import { atLeast, atMost, below, table, verdicts } from "../lib/report.mjs";
import { serve } from "../lib/server.mjs";
import { figure, median, spread } from "../lib/stats.mjs";
import { graph } from "./graphs.mjs";
import { quality } from "./quality.mjs";

/** Fewer than elsewhere: processor time varies little, and the peers take long. */
const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** With `FULL=1` the slow ones lay out the large graphs, too. */
const FULL = process.env.FULL === "1";
/** Seconds a contestant may have for a turn before it is ended. */
const LIMIT = FULL ? 600 : 120;
/** Milliseconds of a layout from which on it is not repeated: not in a turn, and neither in further rounds. */
const SLOW = 1000;
/** Milliseconds for which code is warmed up, and for which quick layouts are repeated. */
const MILLIS = 250;
/** What code is warmed up with. */
const SMALL = graph("flow-300");
/** dagre recurses so deeply that it overflows the usual stack of 1 MB at 10,000 nodes, Graphviz in a chain. */
const FLAGS = ["--js-flags=--stack-size=6000"];
const NAMES = {
  runreel: "Runreel",
  dagreTightTree: "dagre 3.1.3, tight-tree",
  dagre: "dagre 3.1.3",
  graphviz: "Graphviz (wasm-graphviz 1.29.2)",
  elk: "elkjs 0.12.1",
};
const OTHERS = ["dagreTightTree", "graphviz", "elk"];
/** Who lays out which graph, besides us. */
const PEERS = {
  "flow-1000": [...OTHERS, "dagre"],
  "flow-5000": FULL ? OTHERS : ["dagreTightTree", "graphviz"],
  "flow-10000": FULL ? OTHERS : ["dagreTightTree"],
  "fan-5000": FULL ? OTHERS : ["dagreTightTree", "graphviz"],
  "chain-10000": FULL ? OTHERS : ["graphviz"],
  "flow-1000-1": ["dagreTightTree", "graphviz"],
  "flow-3000-2": ["dagreTightTree", "graphviz"],
  "layered-1000": ["dagreTightTree", "graphviz"],
  "layered-5000": FULL ? ["dagreTightTree", "graphviz"] : [],
  "layered-10000": FULL ? ["dagreTightTree", "graphviz"] : [],
  "skips-1000": ["dagreTightTree", "graphviz"],
  "skips-5000": FULL ? ["dagreTightTree", "graphviz"] : [],
  "tree-1000": ["dagreTightTree", "graphviz"],
  "tree-10000": FULL ? ["dagreTightTree", "graphviz"] : [],
  "parts-1000": ["dagreTightTree", "graphviz"],
  "parts-10000": FULL ? ["dagreTightTree", "graphviz"] : [],
};
/** Sizes by which one sees how time grows. */
const GROWTH = [1000, 2000, 5000, 10_000, 20_000, 50_000];

const server = await serve({
  page: join(process.env.ROOT, "benches/layout"),
  wasm: process.env.BENCH_WASM,
  dagre: join(process.env.ROOT, "node_modules/@dagrejs/dagre/dist"),
  graphviz: join(process.env.ROOT, "node_modules/@hpcc-js/wasm-graphviz/dist"),
  elk: join(process.env.ROOT, "node_modules/elkjs/lib"),
});
const browser = await launch(FLAGS);
/** By graph, by contestant: `{times, crossings, length, overlaps}`, or `{failed}` which says how. */
const found = {};
try {
  for (const [name, peers] of Object.entries(PEERS)) found[name] = await takeTurns(graph(name), ["runreel", ...peers]);
  for (const size of GROWTH) found[`flow-${size}`] ??= await takeTurns(graph(`flow-${size}`), ["runreel"]);
} finally {
  await browser.close();
  server.close();
}
report();

/** Everybody once a round, in a page of its own, until the rounds are over; who is slow, once. */
async function takeTurns(graph, names) {
  const results = Object.fromEntries(names.map((name) => [name, { times: [] }]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, result] of Object.entries(results)) {
      if (result.failed || result.times.some((time) => time > SLOW)) continue;
      try {
        const { millis, middles } = await turn(name, graph);
        result.times.push(millis);
        if (!result.crossings) Object.assign(result, quality(graph, middles));
      } catch (error) {
        result.failed = error.message.split("\n")[0];
      }
    }
  }
  return results;
}

/** Milliseconds of processor time of one layout, and its result. */
async function turn(name, graph) {
  const context = await browser.newContext();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`over ${LIMIT} s`)), LIMIT * 1000);
  });
  try {
    return await Promise.race([late, measure(await context.newPage(), name, graph)]);
  } finally {
    clearTimeout(timer);
    await context.close();
  }
}

async function measure(page, name, graph) {
  page.setDefaultTimeout(0);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(`${server.url}/page/page.html`);
  await page.waitForFunction(() => window.prepare);
  await page.evaluate((all) => window.prepare(...all), [name, SMALL, MILLIS, graph]);
  const costed = async (work) => {
    const before = await taskMillis(session);
    const result = await work();
    return { result, cpu: (await taskMillis(session)) - before };
  };
  // The first of a size still finds the memory too small; where it takes long, that is no matter.
  const once = await costed(() => page.evaluate(() => window.once()));
  const again = once.result < SLOW ? await costed(() => page.evaluate((millis) => window.again(millis), MILLIS)) : undefined;
  const millis = again ? again.cpu / again.result : once.cpu;
  return { millis, middles: await page.evaluate(() => Array.from(window.middles)) };
}

function report() {
  console.log(`Chromium, warm, milliseconds of processor time of the thread; boxes of 180 × 60, 50 px apart; edges counted and measured
straight from middle to middle\n`);
  table(
    ["graph", "", "ms", "ms, ours = 1", "crossings", "length, 1,000 px", "overlaps"],
    Object.entries(found).flatMap(([name, results]) =>
      Object.entries(results).map(([contestant, result]) => [
        contestant === "runreel" ? name : "",
        NAMES[contestant],
        ...(result.failed
          ? [result.failed, "", "", "", ""]
          : [
              spread(result.times),
              figure(median(result.times) / median(results.runreel.times)),
              whole(result.crossings),
              whole(result.length / 1000),
              whole(result.overlaps),
            ]),
      ]),
    ),
  );
  console.log("How time grows with the graph\n");
  table(
    ["graph", "ms", "µs a node"],
    GROWTH.map((size) => {
      const millis = median(found[`flow-${size}`].runreel.times);
      return [`flow-${size}`, figure(millis), figure((millis * 1000) / size)];
    }),
  );
  verdicts([...goals(), ...goalsOfAll()]);
}

/** What is asked of single graphs: faster than a peer by so much, at so many of its crossings, or within so many ms. */
function goals() {
  const faster = (name, peer, goal) =>
    compared(name, peer, ({ times }) => median(times), (ratio) => atLeast(`${name}: faster than ${NAMES[peer]}`, 1 / ratio, goal));
  const crossings = (name, peer, goal) =>
    compared(name, peer, ({ crossings }) => crossings, (ratio) => atMost(`${name}: crossings of ${NAMES[peer]}`, ratio, goal));
  const length = (name) =>
    compared(name, "graphviz", ({ length }) => length, (ratio) => atMost(`${name}: edge length of ${NAMES.graphviz}`, ratio, 1.5));
  return [
    faster("flow-1000", "dagreTightTree", 35),
    faster("flow-1000", "dagre", 450),
    crossings("flow-1000", "dagreTightTree", 0.6),
    faster("flow-5000", "dagreTightTree", 37),
    faster("flow-5000", "graphviz", 37),
    crossings("flow-5000", "dagreTightTree", 0.53),
    faster("flow-10000", "dagreTightTree", 36),
    faster("flow-10000", "graphviz", 90),
    faster("flow-10000", "elk", 150),
    crossings("flow-10000", "dagreTightTree", 0.4),
    ...["flow-1000", "flow-5000", "flow-10000"].flatMap((name) => [crossings(name, "graphviz", 1.2), length(name)]),
    ...["flow-1000-1", "flow-3000-2", "layered-1000", "skips-1000", "tree-1000", "parts-1000"].flatMap((name) => [
      faster(name, "dagreTightTree", 10),
      crossings(name, "dagreTightTree", 0.65),
      length(name),
    ]),
    ...["fan-5000", "chain-10000"].map((name) => below(`${name}, ms`, median(found[name].runreel.times), 30)),
  ].filter(Boolean);
}

/** `judge(ours / theirs)` where both laid out the graph; a peer that did not cannot be compared with. */
function compared(name, peer, measure, judge) {
  const { runreel, [peer]: other } = found[name];
  if (!other || other.failed || runreel.failed) return undefined;
  const [ours, theirs] = [measure(runreel), measure(other)];
  // None of none is not more.
  return judge(ours === 0 ? 0 : ours / theirs);
}

/** What is asked of every graph. */
function goalsOfAll() {
  const all = Object.values(found).map(({ runreel }) => runreel);
  const time = (size) => median(found[`flow-${size}`].runreel.times);
  return [
    below("graphs that we could not lay out", all.filter(({ failed }) => failed).length, 1),
    below("boxes of ours that overlap", all.reduce((sum, { overlaps }) => sum + overlaps, 0), 1),
    atMost("time a node, flow-50000 over flow-5000", time(50_000) / time(5000) / 10, 1.5),
  ];
}

function whole(number) {
  return Math.round(number).toLocaleString("en-US");
}
