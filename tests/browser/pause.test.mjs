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

let before_;
test("paused, nothing on the page moves while records are counted", async () => {
  await page.getByRole("button", { name: "Pause updates" }).click();
  await idle(page);
  assert.equal(await badge(), "Paused");
  before_ = { max: await longest(), steps: await steps(page), shown: await snapshot(page) };
  assert.equal(before_.shown.connection, "paused");

  // In the future of the pause, whatever the clock says.
  const late = Date.now() - Date.UTC(2026, 0, 1) + 3_600_000;
  await postReel(stage.url, RUN, [event(4, "second", "COMPLETED", late), line(2, "second", "news", late), line(3, "second", "more", late + 1)]);
  await page.getByText("3 records wait").waitFor();
  await idle(page);
  assert.equal(await longest(), before_.max, "the slider's maximum stands still");
  assert.equal(await slider().getAttribute("max"), String(before_.max));
  assert.deepEqual(await steps(page), before_.steps);
  const shown = await snapshot(page);
  assert.equal(shown.logLines, before_.shown.logLines);
  assert.equal(shown.t, before_.shown.t);
  assert.equal(shown.records, before_.shown.records + 3, "recording goes on");
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
  assert.equal(shown.logLines, before_.shown.logLines + 2);
  assert.ok((await longest()) > before_.max);
  assert.deepEqual(await steps(page), { first: "success", second: "success" });
});

test("a run that ends behind a pause is Ended once updates are resumed", async () => {
  await page.getByRole("button", { name: "Pause updates" }).click();
  const late = Date.now() - Date.UTC(2026, 0, 1) + 7_200_000;
  await postReel(stage.url, RUN, [ending("COMPLETED", late)]);
  await page.getByText("1 record waits").waitFor();
  assert.equal(await badge(), "Paused");
  assert.equal((await snapshot(page)).status, "RUNNING");
  await page.getByRole("button", { name: "Resume updates" }).click();
  const shown = await until(page, ({ connection }) => connection === "ended");
  assert.equal(shown.status, "COMPLETED");
  assert.equal(await badge(), "Ended");
});
