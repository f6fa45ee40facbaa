// A log of 1,000,000 lines: loaded, scrolled, jumped about in and searched, in Runreel's log channel, in PatternFly's
// log viewer and in xterm.js; and the same search natively beside ripgrep.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { UNCAPPED, launch } from "../lib/browser.mjs";
import { atMost, table, verdicts } from "../lib/report.mjs";
import { serve } from "../lib/server.mjs";
import { figure, median, quantile, spread } from "../lib/stats.mjs";
import { QUERIES, lines } from "./data.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const COUNT = Number(process.env.LINES ?? 1_000_000);
const FRAMES = 240;
const JUMPS = 30;
const [root, native, wasm] = ["ROOT", "BENCH_NATIVE", "BENCH_WASM"].map((name) => process.env[name]);
const built = join(root, "target/bench/logs");
const NAMES = {
  floor: "floor: a string and its line starts",
  runreel: "Runreel: log channel and search",
  patternfly: "@patternfly/react-log-viewer 6.5.0",
  xterm: "xterm.js 6.0.0 as a sink",
};

const { file, bytes, hits } = written();
bundle();
await inChromium();
natively();

/** The log as a file; its bytes, and how often each query is in it. */
function written() {
  mkdirSync(built, { recursive: true });
  const list = [];
  lines(COUNT, (text) => list.push(text));
  const text = `${list.join("\n")}\n`;
  const file = join(built, "lines.log");
  writeFileSync(file, text);
  const count = ({ text: query, regex }) =>
    regex ? [...text.matchAll(new RegExp(query, "g"))].length : text.split(query).length - 1;
  return { file, bytes: text.length, hits: Object.fromEntries(Object.entries(QUERIES).map(([name, query]) => [name, count(query)])) };
}

function bundle() {
  buildSync({
    entryPoints: Object.keys(NAMES).map((name) => {
      const kind = name === "patternfly" ? "jsx" : "mjs";
      return join(root, `benches/logs/contestants/${name}.${kind}`);
    }),
    outdir: built,
    bundle: true,
    format: "esm",
    minify: true,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    external: ["/wasm/*"],
    loader: { ".woff": "empty", ".woff2": "empty", ".svg": "empty", ".jpg": "empty", ".png": "empty" },
    logLevel: "error",
  });
}

async function inChromium() {
  const server = await serve({ page: join(root, "benches/logs"), bundle: built, wasm });
  const taken = Object.fromEntries(Object.keys(NAMES).map((name) => [name, []]));
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of Object.keys(NAMES)) taken[name].push(await turn(server.url, name));
    }
  } finally {
    server.close();
  }
  console.log(`Chromium, ${COUNT.toLocaleString("en-US")} lines, ${figure(bytes / 1e6)} MB\n`);
  const of = (name, key) => taken[name].map((turn) => turn[key]);
  const p95 = (name) => of(name, "scroll").map((times) => quantile(times, 0.95));
  const jumps = (name) => of(name, "jump").map((times) => median(times));
  table(
    ["", "load, ms", "memory, MB", "of the text", "scroll p95, ms", "jump, ms", ...Object.keys(QUERIES).map((name) => `${name}: ${hits[name]} hits, ms`)],
    Object.entries(NAMES).map(([name, words]) => [
      words,
      spread(of(name, "load")),
      spread(of(name, "memory").map((held) => held / 1e6)),
      `${figure(median(of(name, "memory")) / bytes)}×`,
      spread(p95(name)),
      spread(jumps(name)),
      ...Object.keys(QUERIES).map((query) => spread(of(name, query))),
    ]),
  );
  console.log("xterm.js finds the first hit only. PatternFly's box takes no patterns: the function behind it was given one.\n");
  const ratio = (key, peer) => median(of("runreel", key)) / median(of(peer, key));
  verdicts([
    atMost("load of PatternFly's", ratio("load", "patternfly"), 0.5),
    atMost("load of xterm.js's", ratio("load", "xterm"), 0.03),
    atMost("memory of the text's", median(of("runreel", "memory")) / bytes, 1.2),
    ...Object.keys(QUERIES).map((query) => atMost(`search of PatternFly's, ${query}`, ratio(query, "patternfly"), 0.3)),
    atMost("jump of PatternFly's", median(jumps("runreel")) / median(jumps("patternfly")), 0.3),
    atMost("scroll p95 of the floor's", median(p95("runreel")) / median(p95("floor")), 1.2),
  ]);
}

/** One contestant in a browser of its own. */
async function turn(url, name) {
  const browser = await launch([...UNCAPPED, "--js-flags=--expose-gc --max-old-space-size=8000"]);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(300_000);
    page.on("pageerror", (error) => console.error(`in the page: ${error.stack ?? error.message}`));
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.enable");
    await page.goto(`${url}/page/page.html?is=${name}`);
    await page.waitForFunction(() => window.contestants);
    const run = (work, ...args) => page.evaluate(([work, args]) => window.contestants[work](...args), [work, args]);
    const heap = async () => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };
    const before = await heap();
    const load = await run("load", COUNT);
    const memory = (await heap()) - before + (await run("held"));
    const result = { load, memory, scroll: await run("scroll", FRAMES), jump: await run("jump", JUMPS) };
    for (const query of Object.keys(QUERIES)) {
      const found = await run("search", query, hits[query]);
      if (name !== "xterm" && found.hits !== hits[query]) throw new Error(`${name} found ${query} ${found.hits} times, not ${hits[query]}`);
      result[query] = found.ms;
    }
    return result;
  } finally {
    await browser.close();
  }
}

/** The same search outside of the browser, in the case that is written. */
function natively() {
  const queries = Object.values(QUERIES);
  const names = queries.map(({ text, regex }) => (regex ? `regex:${text}` : text));
  const ours = JSON.parse(execFileSync(join(native, "logs"), [file, "7", ...names], { encoding: "utf8" }));
  console.log(`Native, the same lines; load from memory ${spread(ours.load)} ms\n`);
  const ripgrep = process.env.RG ?? "rg";
  if (spawnSync(ripgrep, ["--version"]).error) {
    console.log(`skipped: ripgrep, as there is no program \`${ripgrep}\`\n`);
    table(["", "ours, ms"], names.map((name) => [name, spread(ours[name])]));
    return;
  }
  const times = queries.map(({ text, regex }, index) => Array.from({ length: 7 }, () => {
    const begin = performance.now();
    const said = execFileSync(ripgrep, ["-c", ...(regex ? [] : ["-F"]), "-e", text, file], { encoding: "utf8" });
    const ms = performance.now() - begin;
    if (Number(said) !== ours.lines[index]) throw new Error(`ripgrep found ${text} in ${said} lines, not ${ours.lines[index]}`);
    return ms;
  }));
  table(
    ["", "lines", "ours, ms", "ripgrep -c, ms"],
    names.map((name, index) => [name, ours.lines[index], spread(ours[name]), spread(times[index])]),
  );
  verdicts(names.map((name, index) => atMost(`time of ripgrep's, ${name}`, median(ours[name]) / median(times[index]), 3)));
}
