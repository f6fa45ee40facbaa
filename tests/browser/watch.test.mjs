// A real run from its first step to its end, on the page as it happens and afterwards at any instant.
// The tests are one story: each goes on where the one before it stopped.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { follow, idle, openRun, openStage, snapshot, steps, until } from "./harness.mjs";
import { startPipeline } from "./pipeline.mjs";
import { fetchReel, logLinesAt, statesAt, turningPoints } from "./reference.mjs";

const RUN = "watched-1";

let stage, pipeline, page;
before(async () => {
  stage = await openStage();
  pipeline = await startPipeline(stage.url, "watched.toml", RUN);
  page = await stage.page();
});
after(async () => {
  await pipeline?.stop();
  await stage?.close();
});

const slider = () => page.getByRole("slider", { name: "Playhead" });
const badge = () => page.getByRole("status", { name: "Connection" });
const tab = (name) => page.getByRole("tab", { name });
const step = (ref) => page.locator(`[role=treeitem][data-node="${ref}"]`);
const states = (wanted) => (shown) => Object.entries(wanted).every(([ref, state]) => shown.nodes[ref] === state);

/** Waits until the page shows these states, then looks for them in the Steps tree. */
async function reaches(wanted) {
  await until(page, states(wanted), { what: JSON.stringify(wanted) });
  const shown = await steps(page);
  for (const [ref, state] of Object.entries(wanted)) assert.equal(shown[ref], state, `the tree's ${ref}`);
}

test("a run that goes on is LIVE, its first step running and the others waiting", async () => {
  await openRun(page, RUN);
  await until(page, ({ connection }) => connection === "live");
  assert.equal((await badge().textContent()).trim(), "LIVE");
  await reaches({ prepare: "running", scan: "waiting", fetch: "waiting", merge: "waiting", report: "waiting" });
  await page.getByRole("heading", { name: "Watched" }).waitFor();
});

test("steps that depend on it start when it is done", async () => {
  await pipeline.open("prepare");
  await reaches({ prepare: "success", scan: "running", fetch: "running", lint: "running", draft: "skipped", merge: "waiting" });
});

test("progress stands on the step's row", async () => {
  await step("scan").getByText("89/127").waitFor();
});

test("log lines arrive", async () => {
  const log = page.getByRole("log", { name: "Logs" });
  await log.getByText("89/127 hosts").waitFor();
  await log.getByText("ready to go").waitFor();
  const { logLines } = await snapshot(page);
  await pipeline.open("scan");
  await until(page, (shown) => shown.logLines > logLines, { what: "another log line" });
  await log.getByText("127/127 hosts").waitFor();
});

test("the terminal shows a step's output in its colours", async () => {
  await step("prepare").click();
  await tab("Terminal").click();
  const rows = page.getByRole("region", { name: "Terminal" }).locator(".xterm-rows");
  await rows.getByText("ready").first().waitFor();
  assert.equal(await rows.locator('span[class*="xterm-fg-"]').getByText("go", { exact: true }).count(), 1);
  assert.match(await rows.innerText(), /ready to go/);
});

test("what is printed while the terminal is open appears in it", async () => {
  await step("fetch").click();
  const rows = page.getByRole("region", { name: "Terminal" }).locator(".xterm-rows");
  await rows.getByText("attempt 1").waitFor();
  await pipeline.open("fetch-1");
  await rows.getByText("attempt 2").waitFor();
  await reaches({ scan: "success", fetch: "running" });
  await step("fetch").getByText("×2").waitFor();
});

test("while it goes on, the past can be looked at, and Go live returns", async () => {
  await page.evaluate(() => window.__runreel.seek(0));
  assert.equal((await snapshot(page)).mode, "paused");
  const then = await steps(page);
  await pipeline.open("lint");
  const live = await fetchReelUntil(({ records }) => records.some((r) => r.type === "COMPLETED" && r.nodeId === "lint"));
  await idle(page);
  assert.deepEqual(await steps(page), then, "the past must not change");
  await page.getByRole("button", { name: "Go live" }).click();
  await reaches({ lint: "success" });
  assert.equal((await snapshot(page)).mode, "following");
  assert.ok(live.end >= live.start);
});

test("the page follows the run to its end", async () => {
  await pipeline.open("fetch-2", "merge", "report");
  assert.equal(await pipeline.ended, 0, pipeline.output());
  await until(page, ({ connection }) => connection === "ended");
  assert.equal((await badge().textContent()).trim(), "Ended");
  const stated = await (await fetch(`${stage.url}/api/v1/workflows/runs/${RUN}/status`)).json();
  const shown = await snapshot(page);
  assert.equal(shown.status, stated.status);
  assert.equal(shown.status, "COMPLETED");
  assert.equal(shown.problems, 0);
  const reel = await fetchReel(stage.url, RUN);
  assert.deepEqual(shown.nodes, statesAt(reel, reel.end - reel.start));
  assert.equal(shown.logLines, logLinesAt(reel, reel.end - reel.start));
});

test("the inspector names the step's artifact", async () => {
  await step("report").click();
  await tab("Inspector").click();
  const inspector = page.getByRole("region", { name: "Inspector" });
  const link = inspector.getByRole("link", { name: "report.md" });
  const answer = await fetch(new URL(await link.getAttribute("href"), `${stage.url}/`));
  assert.equal(await answer.text(), "# Report\n");
});

test("the Playhead slider shows every past instant as it was", async () => {
  const reel = await fetchReel(stage.url, RUN);
  const points = turningPoints(reel);
  assert.ok(points.length >= 12, `${points.length} instants`);
  for (const t of points) {
    await slider().fill(String(t));
    await idle(page);
    assert.equal(await slider().getAttribute("aria-valuenow"), String(t));
    assert.deepEqual(await steps(page), statesAt(reel, t), `at ${t} ms`);
    assert.equal((await snapshot(page)).logLines, logLinesAt(reel, t), `log lines at ${t} ms`);
  }
});

test("so do the arrow keys", async () => {
  const reel = await fetchReel(stage.url, RUN);
  await slider().focus();
  const seen = [];
  for (const key of ["Home", "ArrowRight", "PageUp", "PageUp", "ArrowRight", "ArrowUp", "PageUp", "ArrowLeft", "PageDown", "End", "PageDown", "ArrowDown"]) {
    await page.keyboard.press(key);
    await idle(page);
    const t = Number(await slider().getAttribute("aria-valuenow"));
    assert.notEqual(t, seen.at(-1), `${key} moves`);
    seen.push(t);
    assert.deepEqual(await steps(page), statesAt(reel, t), `after ${key}, at ${t} ms`);
  }
  assert.equal(seen[0], 0);
  assert.equal(seen[9], reel.end - reel.start);
});

test("Go live returns to the end", async () => {
  const reel = await fetchReel(stage.url, RUN);
  await slider().fill("0");
  await page.getByRole("button", { name: "Go live" }).click();
  await idle(page);
  const shown = await snapshot(page);
  assert.equal(shown.mode, "following");
  assert.deepEqual(shown.nodes, statesAt(reel, reel.end - reel.start));
});

test("a link restores instant, step, panel, search and level", async () => {
  const reel = await fetchReel(stage.url, RUN);
  const t = Math.floor((reel.end - reel.start) / 2);
  await openRun(page, RUN, { t, node: "fetch", tab: "terminal" });
  const check = async () => {
    const shown = await snapshot(page);
    assert.deepEqual([shown.t, shown.mode], [t, "paused"]);
    assert.equal(await slider().getAttribute("aria-valuenow"), String(t));
    assert.equal(await tab("Terminal").getAttribute("aria-selected"), "true");
    assert.equal(await step("fetch").getAttribute("aria-selected"), "true");
    assert.deepEqual(await steps(page), statesAt(reel, t));
  };
  await check();
  await page.reload({ waitUntil: "load" });
  await idle(page);
  await check();

  await openRun(page, RUN, { q: "hosts", level: "info" });
  assert.equal(await page.getByRole("searchbox", { name: "Search this run" }).inputValue(), "hosts");
  const lines = page.getByRole("log", { name: "Logs" }).locator(".logs__line:not([hidden]) .logs__text");
  assert.ok((await lines.count()) > 0);
  for (const line of await lines.allTextContents()) assert.match(line, /hosts/);
});

test("what a person chooses is in the address", async () => {
  await openRun(page, RUN);
  assert.equal(new URL(page.url()).search, "");
  await step("scan").click();
  await tab("Inspector").click();
  await slider().fill("5");
  await idle(page);
  const query = new URL(page.url()).searchParams;
  assert.deepEqual([query.get("t"), query.get("node"), query.get("tab")], ["5", "scan", "inspector"]);
  await follow(page);
  await idle(page);
  assert.equal(new URL(page.url()).searchParams.get("t"), null);
});

test("nothing went wrong on the way", () => {
  assert.deepEqual(page.watch.problems, []);
});

async function fetchReelUntil(matches) {
  for (;;) {
    const reel = await fetchReel(stage.url, RUN);
    if (matches(reel)) return reel;
  }
}
