// A large run that was posted: all of it appears, twice is once, any instant is right, and it travels.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idle, openRun, openStage, postReel, run, seek, snapshot, startServer, steps } from "./harness.mjs";
import { fetchReel, logLinesAt, readReel, reelAddress, statesAt, turningPoints } from "./reference.mjs";
import { random, wildRun } from "./wild.mjs";

const RUN = "large-1";

let stage, folder, text, page;
before(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), "runreel-reels-"));
  text = await synthetic();
  page = await stage.page();
  await page.addInitScript(() => {
    window.__stalls = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.__stalls.push({ startTime, duration });
    }).observe({ type: "longtask", buffered: true });
  });
});
after(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

test("300 nodes and 50,000 records appear on the page", async () => {
  const reel = readReel(text);
  assert.equal(reel.graph.nodes.length, 300);
  assert.ok(reel.records.length >= 50_000, `${reel.records.length} records`);
  assert.deepEqual(await post(), { accepted: reel.records.length, duplicates: 0 });

  await openRun(page, RUN);
  const shown = await snapshot(page);
  assert.equal(Object.keys(shown.nodes).length, 300);
  assert.equal(shown.logLines, logLinesAt(reel, Infinity));
  assert.ok(shown.records >= reel.records.length, `${shown.records} of ${reel.records.length} records`);
  assert.equal(shown.problems, 0);
  assert.equal(Object.keys(await steps(page)).length, 300);
});

test("posting it again changes nothing", async () => {
  const [bytes, shown] = [await getReel(stage.url), await snapshot(page)];
  const records = readReel(text).records.length;
  assert.deepEqual(await post(), { accepted: 0, duplicates: records });
  assert.ok((await getReel(stage.url)).equals(bytes), "GET reel gives the same bytes");
  await page.getByRole("button", { name: "Refresh" }).click();
  await idle(page);
  assert.deepEqual(await snapshot(page), shown);
});

test("any instant of it shows the states of that instant", async () => {
  const reel = await fetchReel(stage.url, RUN);
  const points = turningPoints(reel);
  const pick = random(7);
  for (let n = 0; n < 20; n++) {
    const t = points[Math.floor(pick() * points.length)];
    await seek(page, t);
    const shown = await snapshot(page);
    assert.equal(shown.t, t);
    assert.deepEqual(shown.nodes, statesAt(reel, t), `at ${t} ms`);
    assert.deepEqual(await steps(page), shown.nodes, `the tree at ${t} ms`);
    assert.equal(shown.logLines, logLinesAt(reel, t), `log lines at ${t} ms`);
  }
});

test("the page keeps painting while it plays", async (t) => {
  const painted = await page.evaluate(async () => {
    window.__stalls.length = 0;
    await window.__runreel.seek(0);
    document.querySelector('[aria-label="Play"]').click();
    const frames = [];
    for (let n = 0; n < 60; n++) frames.push(await new Promise(requestAnimationFrame));
    document.querySelector('[aria-label="Pause"]')?.click();
    const gaps = frames.slice(1).map((at, n) => at - frames[n]).sort((a, b) => a - b);
    return { median: gaps[gaps.length >> 1], worst: gaps.at(-1), stalls: window.__stalls.map((s) => Math.round(s.duration)) };
  });
  t.diagnostic(`60 frames: median ${painted.median.toFixed(1)} ms, worst ${painted.worst.toFixed(1)} ms; tasks over 50 ms: [${painted.stalls}]`);
});

test("exported and imported on an empty server, it is the same to the byte", async () => {
  const file = join(folder, "travels.reel.gz");
  const other = await startServer();
  try {
    const out = await run("export", RUN, "-o", file, "--server", stage.url);
    assert.equal(out.code, 0, out.stderr);
    const into = await run("import", file, "--server", other.url);
    assert.equal(into.code, 0, into.stderr);
    assert.ok((await getReel(other.url)).equals(await getReel(stage.url)));
  } finally {
    await other.stop();
  }
});

test("a run of every kind of event, joined every way and posted in any order, is right at any instant", async () => {
  for (const seed of [1, 2, 3]) {
    const id = `wild-${seed}`;
    const wild = wildRun(id, seed);
    await postReel(stage.url, id, wild);
    const reel = await fetchReel(stage.url, id);
    const other = await stage.page();
    await openRun(other, id);
    const points = turningPoints(reel);
    for (const t of points.filter((_, n) => n % 4 === seed % 4 || n === points.length - 1)) {
      await seek(other, t);
      assert.deepEqual((await snapshot(other)).nodes, statesAt(reel, t), `${id} at ${t} ms`);
    }
    await other.close();
  }
});

async function synthetic() {
  const file = join(folder, "large.reel");
  const args = ["--nodes", "300", "--events", "10000", "--log-lines", "39500", "--terminal-bytes", "300000"];
  const made = await run("synth", ...args, "--fail", "4", "--seed", "11", "--id", RUN, "-o", file);
  assert.equal(made.code, 0, made.stderr);
  return readFile(file, "utf8");
}

async function post() {
  const answer = await fetch(reelAddress(stage.url, RUN), {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: text,
  });
  return answer.json();
}

async function getReel(url) {
  const answer = await fetch(reelAddress(url, RUN));
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}
