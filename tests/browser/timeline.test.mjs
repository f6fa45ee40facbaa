// The timeline: what is in view, what a pointer and keys do to it, what it says, and that odd runs do it no harm.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { follow, idle, openRun, openStage, postReel, seek, snapshot, until } from "./harness.mjs";
import { drawn, story } from "./timeline-runs.mjs";

/** Where the canvas has what, in pixels: src/view/timeline/shape.rs. */
const WIDE = { gutter: 184, inset: 12, rows: 56, row: 24 };
const RUN = "timeline-1";

let stage;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, story(RUN));
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const canvas = (page) => page.getByRole("application", { name: "Timeline" });

/** The place of a share of what is in view (0 left, 1 right), `y` pixels from the top of the canvas. */
async function place(page, share, y) {
  const box = await canvas(page).boundingBox();
  return [box.x + WIDE.gutter + (box.width - WIDE.gutter - WIDE.inset) * share, box.y + y];
}

/** Somewhere in the n-th row, on the level of its bar. */
const inRow = (page, share, row) => place(page, share, WIDE.rows + WIDE.row * row + 9);

/** From where to where one looks, in milliseconds from the run's start. */
async function view(page) {
  await idle(page);
  const now = async (name) => Number(await page.getByRole("slider", { name, exact: true }).getAttribute("aria-valuenow"));
  return [await now("View from"), await now("View to")];
}

async function drag(page, from, to, steps = 4) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps });
  await page.mouse.up();
}

async function turn(page, share, deltaY, key) {
  await page.mouse.move(...(await inRow(page, share, 1)));
  if (key) await page.keyboard.down(key);
  await page.mouse.wheel(0, deltaY);
  if (key) await page.keyboard.up(key);
  await idle(page);
}

function near(actual, wanted, by, what) {
  assert.ok(Math.abs(actual - wanted) <= by, `${what}: ${actual} is not within ${by} of ${wanted}`);
}

test("the wheel with Ctrl zooms about the pointer, and the instant under it stays", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  assert.deepEqual(await view(page), [0, 100_000]);
  const share = 0.3;
  for (let n = 0; n < 5; n++) await turn(page, share, -200, "Control");
  const [from, to] = await view(page);
  assert.ok(to - from < 30_000, `${from} to ${to} is closer`);
  near(from + share * (to - from), 30_000, 300, "the instant under the pointer");
  for (let n = 0; n < 12; n++) await turn(page, share, 400, "Control");
  assert.deepEqual(await view(page), [0, 100_000]);
});

test("W and S zoom, A and D move, 0 shows the whole run", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 50_000 });
  await canvas(page).focus();
  const press = async (keys) => {
    for (const key of keys) await page.keyboard.press(key);
    return view(page);
  };
  const [from, to] = await press("wwww");
  assert.ok(to - from < 40_000);
  near((from + to) / 2, 50_000, 200, "zoomed about the playhead");
  const [earlier] = await press("a");
  assert.ok(earlier < from);
  near((await press("d"))[0], from, 2, "D undoes A");
  const [a, b] = await press("s");
  assert.ok(b - a > to - from);
  assert.deepEqual(await press("0"), [0, 100_000]);
});

test("a drag moves in time, the whole run stays, and a click is no drag", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { zoom: "20000-40000" });
  assert.deepEqual(await view(page), [20_000, 40_000]);
  await drag(page, await inRow(page, 0.5, 1), await inRow(page, 0.25, 1));
  near((await view(page))[0], 25_000, 100, "a quarter of what was in view");
  assert.equal((await snapshot(page)).mode, "following", "the playhead stays");
  await page.getByRole("button", { name: "Show whole run" }).click();
  await drag(page, await inRow(page, 0.5, 1), await inRow(page, 0.25, 1));
  assert.deepEqual(await view(page), [0, 100_000]);
});

test("a click goes to the instant and selects the step", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { tab: "inspector" });
  await page.mouse.click(...(await inRow(page, 0.3, 0)));
  await idle(page);
  near((await snapshot(page)).t, 30_000, 150, "the instant clicked");
  await page.getByRole("region", { name: "Inspector" }).getByRole("heading", { name: "build" }).waitFor();
  const slider = page.getByRole("slider", { name: "Playhead" });
  near(Number(await slider.getAttribute("aria-valuenow")), 30_000, 150, "the slider");
  assert.deepEqual([await slider.getAttribute("aria-valuemin"), await slider.getAttribute("aria-valuemax")], ["0", "100000"]);
});

test("the ruler is drawn to move the playhead", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await drag(page, await place(page, 0.9, 46), await place(page, 0.2, 46));
  await idle(page);
  near((await snapshot(page)).t, 20_000, 150, "where it was let go");
});

test("the band's window is taken by an edge or the middle, and set down anew beside it", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { zoom: "20000-40000" });
  const band = (share) => place(page, share, 29);
  await drag(page, await band(0.4), await band(0.6));
  near((await view(page))[1], 60_000, 300, "the right edge");
  await drag(page, await band(0.2), await band(0.1));
  near((await view(page))[0], 10_000, 300, "the left edge");
  await drag(page, await band(0.35), await band(0.45));
  const [from, to] = await view(page);
  near(from, 20_000, 500, "moved");
  near(to, 70_000, 500, "and as wide as before");
  await page.mouse.click(...(await band(0.95)));
  assert.equal((await view(page))[1], 100_000, "not past the end");
});

test("keys move the window and its edges", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { zoom: "20000-40000" });
  for (const [name, key, wanted] of [
    ["View", "ArrowRight", [22_000, 42_000]],
    ["View from", "ArrowLeft", [20_000, 42_000]],
    ["View to", "ArrowRight", [20_000, 44_200]],
    ["View", "Home", [0, 24_200]],
    ["View", "End", [75_800, 100_000]],
  ]) {
    await page.getByRole("slider", { name, exact: true }).press(key);
    const [from, to] = await view(page);
    near(from, wanted[0], 2, `${name} ${key}, from`);
    near(to, wanted[1], 2, `${name} ${key}, to`);
  }
});

test("the mouse is told which instant it is over, what stands there and what changed", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const card = page.locator(".timeline__card");
  for (const [share, row, words] of [
    [0.2, 0, ["build · Success", "40.0 s"]],
    [0.5, 2, ["test", "Failed", "attempt 1"]],
    [0.2, 2, ["test", "Waiting", "Waits for build (running)"]],
    [0.4, 0, ["Completed"]],
  ]) {
    await page.mouse.move(...(await inRow(page, share, row)));
    await idle(page);
    const text = await card.textContent();
    for (const word of words) assert.ok(text.includes(word), `${word} in ${text}`);
  }
  // The failure's mark, below the bar.
  await page.mouse.move(...(await place(page, 0.6, WIDE.rows + WIDE.row * 2 + 19)));
  await idle(page);
  assert.match(await card.textContent(), /Failure.*assertion failed/);
  await page.mouse.move(5, 5);
  await card.waitFor({ state: "detached" });
});

test("a drag with shift marks a range, which is told in numbers", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await page.keyboard.down("Shift");
  await drag(page, await inRow(page, 0.55, 1), await inRow(page, 0.75, 1));
  await page.keyboard.up("Shift");
  const told = page.getByRole("group", { name: "Marked range" });
  await told.waitFor();
  for (const words of ["1 attempt began", "1 failed", "busiest: test"]) await told.getByText(words).waitFor();
  await told.getByRole("button", { name: "Show range" }).click();
  const [from, to] = await view(page);
  near(from, 54_200, 400, "from, with a margin");
  near(to, 75_800, 400, "to, with a margin");
  await told.getByRole("button", { name: "Clear range" }).click();
  await told.waitFor({ state: "detached" });
});

test("the critical path is told on demand", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const button = page.getByRole("button", { name: "Critical path" });
  await button.click();
  const told = page.getByRole("group", { name: "Critical path of the run" });
  await told.getByText("3 attempts on the path").waitFor();
  await told.getByText("build 40.0 s").waitFor();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  // And of the instant shown, why something waits.
  await seek(page, 20_000);
  await told.getByText("1 step waits. test: Waits for build (running)").waitFor();
  await button.click();
  await told.waitFor({ state: "detached" });
});

test("keys walk the rows, open and close them, and say so", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await canvas(page).focus();
  const said = page.getByRole("status", { name: "Timeline row" });
  const labels = [];
  for (let row = 0; row < 3; row++) {
    await page.keyboard.press("ArrowDown");
    await idle(page);
    labels.push(await said.textContent());
  }
  assert.deepEqual(labels, ["build, Success", "lint, Success", "test, Success"]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await idle(page);
  assert.equal(await said.textContent(), "Attempt 1");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await idle(page);
  assert.equal(await page.locator('[role=treeitem][aria-selected="true"]').getAttribute("data-node"), "test");
});

test("parallel branches are groups that can be closed", async () => {
  const page = await stage.page();
  const id = "timeline-branches";
  const at = (n) => n * 1_000;
  const nodes = ["fork", "a1", "a2", "b1", "b2", "join"];
  const edges = [["fork", "a1"], ["a1", "a2"], ["fork", "b1"], ["b1", "b2"], ["a2", "join"], ["b2", "join"]];
  const events = nodes.flatMap((node, n) => [[at(n), node, "STARTED"], [at(n + 1), node, "COMPLETED"]]);
  await postReel(stage.url, id, drawn(id, nodes, edges, events, { end: 7_000 }));
  await openRun(page, id);
  await canvas(page).focus();
  const said = page.getByRole("status", { name: "Timeline row" });
  const walk = async () => {
    await page.keyboard.press("Home");
    const rows = [await said.textContent()];
    for (;;) {
      await page.keyboard.press("ArrowDown");
      await idle(page);
      const row = await said.textContent();
      if (row === rows.at(-1)) return rows;
      rows.push(row);
    }
  };
  const open = await walk();
  assert.deepEqual(open.filter((row) => row.startsWith("Group")), ["Group a1, 2 steps, open", "Group b1, 2 steps, open"]);
  assert.equal(open.length, 8);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  assert.equal((await walk()).length, 6, "the two steps of the closed branch are hidden");
});

test("a live run moves the end, and who looks back is told how far behind and can go live", async () => {
  const page = await stage.page();
  const id = "timeline-live";
  const now = Date.now();
  const iso = (at) => new Date(at).toISOString();
  await postReel(stage.url, id, [
    { reel: 1, run: { id, workflowId: "w", workflowName: id, status: "RUNNING", startTime: iso(now - 60_000) }, graph: { name: id, nodes: [{ id: "on", type: "t", data: { label: "on", config: {} } }], edges: [] } },
    { kind: "trace", id: "1", nodeId: "on", type: "STARTED", level: "info", timestamp: iso(now - 59_000) },
  ]);
  await openRun(page, id);
  await until(page, ({ connection }) => connection === "live");
  const [, first] = await view(page);
  assert.ok(first >= 59_000);
  // The end goes with the clock, which the page looks at once a second.
  await until(page, ({ t }) => t > first, { what: "a later end" });
  assert.ok((await view(page))[1] > first);
  await page.mouse.click(...(await inRow(page, 0.2, 0)));
  await page.getByText(/Behind live by/).waitFor();
  await page.getByRole("button", { name: "Go live" }).click();
  await until(page, ({ mode }) => mode === "following");
});

test("fingers pinch to zoom and draw to move", async () => {
  const page = await stage.page({ hasTouch: true });
  await openRun(page, RUN);
  const session = await page.context().newCDPSession(page);
  const touch = (type, points) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const at = (share) => inRow(page, share, 1);
  await touch("touchStart", [await at(0.4)]);
  await touch("touchStart", [await at(0.4), await at(0.6)]);
  for (const apart of [0.15, 0.25, 0.4]) await touch("touchMove", [await at(0.5 - apart), await at(0.5 + apart)]);
  await touch("touchEnd", []);
  const [from, to] = await view(page);
  assert.ok(to - from < 40_000, `${from} to ${to} is closer`);
  near((from + to) / 2, 50_000, 3_000, "about the middle of the fingers");
  await touch("touchStart", [await at(0.5)]);
  for (const share of [0.4, 0.3]) await touch("touchMove", [await at(share)]);
  await touch("touchEnd", []);
  assert.ok((await view(page))[0] > from, "drawn to the left shows later");
});

const HEADER = (id) => drawn(id, ["only"], [], [])[0];
for (const [what, lines, length] of [
  ["without an event", (id) => [HEADER(id), { kind: "status", status: "COMPLETED", completedAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:00.000Z" }], 0],
  ["of one event", (id) => drawn(id, ["only"], [], [[0, "only", "STARTED"]], { end: 0 }), 0],
  ["whose node ends before it begins", (id) => drawn(id, ["odd"], [], [[2_000, "odd", "COMPLETED"], [3_000, "odd", "STARTED"]], { end: 5_000 }), 5_000],
  ["with facts before its start", (id) => drawn(id, ["odd"], [], [[-5_000, "odd", "STARTED"], [1_000, "odd", "COMPLETED"]], { end: 2_000 }), 2_000],
]) {
  test(`a run ${what} is shown, zoomed and moved in without harm`, async () => {
    const page = await stage.page();
    const id = `timeline-${what.replaceAll(" ", "-")}`;
    await postReel(stage.url, id, lines(id));
    await openRun(page, id, { t: 999_999_999 });
    const slider = page.getByRole("slider", { name: "Playhead" });
    assert.equal(await slider.getAttribute("aria-valuemax"), String(length));
    assert.equal(await slider.getAttribute("aria-valuenow"), String(length), "past the end is the end");
    await canvas(page).focus();
    for (const key of ["w", "w", "d", "a", "s", "ArrowDown", "c", "Escape", "0"]) await page.keyboard.press(key);
    await page.mouse.click(...(await inRow(page, 0.5, 0)));
    await drag(page, await inRow(page, 0.6, 0), await inRow(page, 0.2, 0));
    const [from, to] = await view(page);
    assert.ok(from >= 0 && to <= length && from <= to, `${from} to ${to}`);
    await follow(page);
    assert.deepEqual(page.watch.problems, []);
  });
}
