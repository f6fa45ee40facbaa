// A link restores the moment and all that was chosen; back and forward lead by choices, not by every step of a drag.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, openRun, openStage, postReel, snapshot, until } from "./harness.mjs";
import { LENGTH, nightRun } from "./night.mjs";

const RUN = "link-1";

let stage;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, nightRun(RUN));
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const button = (page, name) => page.getByRole("button", { name, exact: true });
const slider = (page) => page.getByRole("slider", { name: "Playhead" });
const step = (page, ref) => page.locator(`[role=treeitem][data-node="${ref}"]`);
const said = (page) => page.getByRole("status", { name: "Message" });
const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const entries = (page) => page.evaluate(() => history.length);

/** A page whose clock the test puts forward, so that choices lie apart without waiting. */
async function clocked(options) {
  const page = await stage.page(options);
  await page.addInitScript(() => {
    const now = Date.now.bind(Date);
    window.__later = 0;
    Date.now = () => now() + window.__later;
  });
  return page;
}
const later = (page) => page.evaluate(() => (window.__later += 2_000));

/** Goes back (-1) or forward (1) and waits until the page shows that. */
async function go(page, by) {
  await page.evaluate((by) => new Promise((resolve) => {
    addEventListener("popstate", resolve, { once: true });
    history.go(by);
  }), by);
  await idle(page);
}

test("a link restores instant, step, panel, search, level, zoom and loop", async () => {
  const page = await stage.page();
  const link = { t: "123456", node: "scan", tab: "inspector", q: "host", level: "warn", zoom: "60000-600000", loop: "100000-200000" };
  const check = async () => {
    assert.deepEqual(query(page), link);
    const { t, mode } = await snapshot(page);
    assert.deepEqual([t, mode], [123_456, "paused"]);
    assert.equal(await page.getByRole("tab", { name: "Inspector" }).getAttribute("aria-selected"), "true");
    assert.equal(await step(page, "scan").getAttribute("aria-selected"), "true");
    assert.equal(await button(page, "Loop").getAttribute("aria-pressed"), "true");
  };
  await openRun(page, RUN, link);
  await check();
  await page.reload({ waitUntil: "load" });
  await idle(page);
  await check();
  await page.getByRole("tab", { name: "Logs" }).click();
  assert.equal(await page.getByRole("searchbox", { name: "Search this run" }).inputValue(), "host");
});

for (const [t, shown, kept] of [
  ["0", 0, "0"],
  [String(LENGTH), LENGTH, String(LENGTH)],
  ["999999999999", LENGTH, String(LENGTH)],
  ["9223372036854775807", LENGTH, String(LENGTH)],
]) {
  test(`t=${t} rests at ${shown}`, async () => {
    const page = await stage.page();
    await openRun(page, RUN, { t });
    await until(page, ({ connection }) => connection === "ended");
    const now = await snapshot(page);
    assert.deepEqual([now.t, now.mode], [shown, "paused"]);
    assert.equal(await slider(page).getAttribute("aria-valuenow"), String(shown));
    assert.equal(query(page).t, kept);
  });
}

for (const t of ["-5", "soon", "NaN", "1e400", ""]) {
  test(`t=${t || "nothing"} is no instant: the page follows`, async () => {
    const page = await stage.page();
    await openRun(page, RUN, { t, zoom: "9-1e9", loop: "5", range: "x-y" });
    const now = await snapshot(page);
    assert.deepEqual([now.t, now.mode], [LENGTH, "following"]);
  });
}

test("an instant behind the end of a run that goes on rests at the end as it was", async () => {
  const id = "link-live";
  const now = new Date(Date.now() - 60_000).toISOString();
  const [head] = nightRun(id);
  head.run.startTime = now;
  await postReel(stage.url, id, [head, { kind: "trace", id: "1", nodeId: "fetch", type: "STARTED", timestamp: now }]);
  const page = await stage.page();
  await openRun(page, id, { t: 86_400_000 });
  const { t, mode } = await until(page, ({ connection }) => connection === "live");
  assert.equal(mode, "paused");
  assert.ok(t >= 60_000 && t < 600_000, `${t}`);
  assert.ok(Number(query(page).t) < 600_000, page.url());
});

test("back and forward lead by what was chosen", async () => {
  const page = await clocked();
  await openRun(page, RUN);
  const first = await entries(page);
  const choices = [
    [() => step(page, "scan").click(), { node: "scan" }],
    [() => page.getByRole("tab", { name: "Inspector" }).click(), { node: "scan", tab: "inspector" }],
    [() => page.keyboard.press("a"), { node: "scan", tab: "inspector", t: "0" }],
    [() => page.keyboard.press("f"), { node: "scan", tab: "inspector", t: "4000000" }],
  ];
  const shown = [{}];
  for (const [choose, wanted] of choices) {
    await later(page);
    await choose();
    await idle(page);
    assert.deepEqual(query(page), wanted);
    shown.push(wanted);
  }
  assert.equal((await entries(page)) - first, choices.length);

  const check = async (wanted) => {
    assert.deepEqual(query(page), wanted);
    const { t, mode } = await snapshot(page);
    assert.deepEqual([mode, t], wanted.t ? ["paused", Number(wanted.t)] : ["following", LENGTH]);
    const selected = await page.locator("[role=treeitem][aria-selected=true]").evaluateAll((all) => all.map((one) => one.dataset.node));
    assert.deepEqual(selected, wanted.node ? [wanted.node] : []);
    const tab = await page.getByRole("tab", { name: wanted.tab ? "Inspector" : "Logs" }).getAttribute("aria-selected");
    assert.equal(tab, "true");
  };
  for (const wanted of shown.slice(0, -1).reverse()) {
    await go(page, -1);
    await check(wanted);
  }
  for (const wanted of shown.slice(1)) {
    await go(page, 1);
    await check(wanted);
  }
  assert.equal((await entries(page)) - first, choices.length, "going back and forward adds nothing");
});

test("drags, steps, typing and playing add no entries, and end with the right address", async () => {
  const page = await clocked();
  await openRun(page, RUN, { t: 0 });
  const first = await entries(page);
  for (let n = 1; n <= 60; n++) {
    await slider(page).fill(String(n * 1_000));
    if (n % 10 === 0) await later(page);
  }
  for (const key of [".", ".", ",", ".", "e"]) await page.keyboard.press(key);
  await later(page);
  await page.getByRole("searchbox", { name: "Search this run" }).pressSequentially("host 1");
  await later(page);
  await slider(page).focus();
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await later(page);
  await idle(page);
  assert.equal(await entries(page), first);
  // Changes of the address are rationed; the last one comes when it may.
  await page.waitForURL((url) => url.searchParams.get("q") === "host 1");
  assert.ok(Number(query(page).t) >= 4_000_000);
});

test("choices in quick succession are one entry", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const first = await entries(page);
  await page.evaluate(() => {
    for (let n = 0; n < 40; n++) document.querySelectorAll("[role=treeitem]")[n % 4].click();
  });
  await idle(page);
  const added = (await entries(page)) - first;
  assert.ok(added <= 2, `${added} entries`);
});

test("back leads out of the run, and forward into it as it was", async () => {
  const page = await clocked();
  await page.goto("/runs", { waitUntil: "load" });
  await page.getByRole("link", { name: new RegExp(RUN) }).click();
  await page.getByRole("tree", { name: "Steps" }).waitFor();
  await idle(page);
  await later(page);
  await step(page, "merge").click();
  await idle(page);
  await go(page, -1);
  assert.deepEqual(query(page), {});
  await page.goBack();
  await page.getByRole("searchbox", { name: "Search runs" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/runs");
  await page.goForward();
  await page.getByRole("tree", { name: "Steps" }).waitFor();
  await idle(page);
  await go(page, 1);
  assert.equal(query(page).node, "merge");
  assert.equal(await step(page, "merge").getAttribute("aria-selected"), "true");
});

test("a link to this moment is copied, by button and by key, and says so", async () => {
  const page = await stage.page({ permissions: ["clipboard-read", "clipboard-write"] });
  await openRun(page, RUN, { node: "scan" });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await button(page, "Copy link to this moment").click();
  await said(page).getByText("Link to this moment copied").waitFor();
  // Who follows gives a link to the moment, too.
  assert.equal(await copied(), `${stage.url}/runs/${RUN}?t=${LENGTH}&node=scan`);
  await page.keyboard.press("a");
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.keyboard.press("y");
  while ((await copied()) === "") await idle(page);
  assert.equal(await copied(), `${stage.url}/runs/${RUN}?t=0&node=scan`);
  const other = await stage.page();
  await openRun(other, RUN);
  await other.goto(`/runs/${RUN}?t=0&node=scan`);
  await idle(other);
  assert.equal((await snapshot(other)).t, 0);
});

for (const [name, take] of [
  ["has no clipboard", () => Object.defineProperty(navigator, "clipboard", { value: undefined })],
  ["refuses", () => (navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError")))],
]) {
  test(`a link is copied in a browser that ${name}`, async () => {
    const page = await stage.page();
    await page.addInitScript(take);
    await page.addInitScript(() => document.addEventListener("copy", () => (window.__copied = document.activeElement.value)));
    await openRun(page, RUN, { t: 5 });
    await button(page, "Copy link to this moment").click();
    await said(page).getByText("Link to this moment copied").waitFor();
    assert.equal(await page.evaluate(() => window.__copied), `${stage.url}/runs/${RUN}?t=5`);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Copy link to this moment", "the focus is back");
  });
}

test("where nothing can be copied the link is shown", async () => {
  const page = await stage.page();
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await openRun(page, RUN, { t: 5 });
  await button(page, "Copy link to this moment").click();
  const link = page.getByRole("textbox", { name: "Link" });
  assert.equal(await link.inputValue(), `${stage.url}/runs/${RUN}?t=5`);
  await button(page, "Close").click();
  assert.equal(await link.count(), 0);
});
