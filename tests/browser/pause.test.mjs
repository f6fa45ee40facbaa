// Pause updates: the view stands still while recording goes on and counts; Resume shows it all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { idle, openRun, openStage, postReel, snapshot, steps, until } from "./harness.mjs";
import { ending, event, line, smallRun } from "./small.mjs";

const RUN = "paused-1";

let stage, page;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, smallRun(RUN));
  page = await stage.page();
  await openRun(page, RUN);
  await until(page, ({ connection }) => connection === "live");
});
after(() => stage?.close());

const badge = async () => (await page.getByRole("status", { name: "Connection" }).textContent()).trim();
const slider = () => page.getByRole("slider", { name: "Playhead" });
const longest = async () => Number(await slider().getAttribute("aria-valuemax"));

/** The page as it was when updates were paused. */
let still;
test("paused, nothing on the page moves while records are counted", async () => {
  await page.getByRole("button", { name: "Pause updates" }).click();
  await idle(page);
  assert.equal(await badge(), "Paused");
  still = { max: await longest(), steps: await steps(page), shown: await snapshot(page) };
  assert.equal(still.shown.connection, "paused");

  // In the future of the pause, whatever the clock says.
  const late = Date.now() - Date.UTC(2026, 0, 1) + 3_600_000;
  await postReel(stage.url, RUN, [event(4, "second", "COMPLETED", late), line(2, "second", "news", late), line(3, "second", "more", late + 1)]);
  await until(page, ({ records }) => records >= still.shown.records + 3, { what: "three more records" });
  await page.getByText(/^\d+ records wait$/).waitFor();
  assert.equal(await longest(), still.max, "the slider's maximum stands still");
  assert.equal(await slider().getAttribute("max"), String(still.max));
  assert.deepEqual(await steps(page), still.steps);
  const shown = await snapshot(page);
  assert.equal(shown.logLines, still.shown.logLines);
  assert.equal(shown.t, still.shown.t);
});

test("what waits is counted as it was recorded", async () => {
  await page.getByText("3 records wait", { exact: true }).waitFor({ timeout: 3_000 });
});

test("a playhead at rest is not Paused", async () => {
  await page.getByRole("button", { name: "Resume updates" }).click();
  await until(page, ({ connection }) => connection === "live");
  await slider().fill("500");
  await idle(page);
  assert.equal((await snapshot(page)).mode, "paused");
  assert.equal(await badge(), "LIVE");
  await page.getByRole("button", { name: "Go live" }).click();
});

test("Resume shows what waited", async () => {
  const shown = await until(page, ({ nodes }) => nodes.second === "success");
  assert.equal(shown.logLines, still.shown.logLines + 2);
  assert.ok((await longest()) > still.max);
  assert.deepEqual(await steps(page), { first: "success", second: "success" });
});

test("a run that ends behind a pause is Ended once updates are resumed", async () => {
  await page.getByRole("button", { name: "Pause updates" }).click();
  const late = Date.now() - Date.UTC(2026, 0, 1) + 7_200_000;
  await postReel(stage.url, RUN, [ending("COMPLETED", late)]);
  await page.getByText(/^\d+ records? waits?$/).waitFor();
  assert.equal(await badge(), "Paused");
  assert.equal((await snapshot(page)).status, "RUNNING");
  await page.getByRole("button", { name: "Resume updates" }).click();
  const shown = await until(page, ({ connection }) => connection === "ended");
  assert.equal(shown.status, "COMPLETED");
  assert.equal(await badge(), "Ended");
});

test("how many records a run has does not depend on how it was watched", async () => {
  const later = await stage.page();
  await openRun(later, RUN);
  const loaded = await until(later, ({ connection }) => connection === "ended");
  assert.equal((await snapshot(page)).records, loaded.records);
});
